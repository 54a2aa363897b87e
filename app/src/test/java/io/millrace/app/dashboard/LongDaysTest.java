package io.millrace.app.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BatchTrigger;
import io.millrace.ImagePrediction;
import io.millrace.MetricsObserved;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.history.Curves;
import io.millrace.app.dashboard.history.Point;
import io.millrace.app.dashboard.panel.ImagesPanel;
import io.millrace.app.dashboard.panel.MetricsPanel;
import io.millrace.app.dashboard.panel.StreamPanel;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A week of a learner's life by a clock that is simulated: 100 records a second through its first
 * day, 10 through the other six.
 */
@Timeout(120)
class LongDaysTest {
  private static final long START_MS = 1_800_000_000_000L;
  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final long PERIOD_MS = Duration.ofMinutes(30).toMillis();
  private static final int CLASSES = 10;

  private final AtomicLong clock = new AtomicLong(START_MS);
  private final Curves curves = new Curves(clock::get);
  private final MetricsPanel metrics = new MetricsPanel(curves, () -> false);
  private final ImagesPanel images = new ImagesPanel(() -> CLASSES);
  private final StreamPanel stream = new StreamPanel();
  private final TrainingMetrics record = record();

  /** A loss that falls and swings. */
  private static double loss(long timeMs) {
    double days = (timeMs - START_MS) / (double) DAY_MS;
    return 2 * Math.exp(-4 * days) + 0.3 * Math.sin(2 * Math.PI * timeMs / PERIOD_MS) + 0.4;
  }

  @Test
  void aWeekTakesNoMoreMemoryThanAnHourAndEveryAnswerIsSmallAndTrue() throws Exception {
    run(START_MS, Duration.ofHours(1).toMillis(), 10);
    long sizeBytes = curves.sizeBytes();
    Retained warm = Retained.now();
    assertTrue(warm.instances() > 1_000, () -> "the histogram has the page's objects: " + warm);

    run(START_MS + Duration.ofHours(1).toMillis(), DAY_MS, 10);
    assertEquals(warm, Retained.now());
    requireTrueAnswers();

    run(START_MS + DAY_MS, 7 * DAY_MS, 100);
    assertEquals(warm, Retained.now());
    assertEquals(sizeBytes, curves.sizeBytes());
    requireTrueAnswers();
  }

  private void run(long fromMs, long lastMs, long stepMs) {
    for (long timeMs = fromMs; timeMs < START_MS + lastMs; timeMs += stepMs) {
      clock.set(timeMs);
      long step = record.getStep() + 1;
      record.setStep(step);
      record.setImages(step * record.getBatchSize());
      record.setWindowLoss(loss(timeMs));
      record.getObserved().setTimeMs(timeMs);
      ImagePrediction prediction = record.getPredictions().getFirst();
      prediction.setOffset(step);
      prediction.setLoss((float) loss(timeMs));
      metrics.accept(record);
      images.accept(record);
      stream.accept(record);
    }
  }

  private void requireTrueAnswers() {
    for (long seconds : new long[] {900, 3_600, 21_600, 86_400}) {
      List<Point> points = curves.last(seconds);
      assertTrue(
          points.size() <= Curves.MAX_POINTS && points.size() >= 900,
          () -> seconds + " s: " + points.size() + " points");
      long firstMs = points.getFirst().timeMs();
      long lastMs = points.getLast().timeMs();
      assertTrue(lastMs - firstMs >= 990 * seconds, () -> seconds + " s: from " + firstMs);
      double low = Double.MAX_VALUE;
      double high = -Double.MAX_VALUE;
      for (long timeMs = firstMs; timeMs <= lastMs; timeMs += 1_000) {
        low = Math.min(low, loss(timeMs));
        high = Math.max(high, loss(timeMs));
      }
      double curveLow = points.stream().mapToDouble(Point::windowLoss).min().orElseThrow();
      double curveHigh = points.stream().mapToDouble(Point::windowLoss).max().orElseThrow();
      assertEquals(low, curveLow, 0.02 * (high - low), seconds + " s: lowest");
      assertEquals(high, curveHigh, 0.02 * (high - low), seconds + " s: highest");
      long before = Long.MIN_VALUE;
      for (Point point : points) {
        assertTrue(point.timeMs() > before && point.step() > 0, point::toString);
        before = point.timeMs();
      }
    }
  }

  private static TrainingMetrics record() {
    return TrainingMetrics.newBuilder()
        .setModel("model")
        .setStep(0)
        .setImages(0)
        .setBatchSize(32)
        .setTrigger(BatchTrigger.COUNT)
        .setSources(List.of())
        .setLoss(1)
        .setAccuracy(0.5f)
        .setWindowSize(1_000)
        .setWindowLoss(1)
        .setWindowAccuracy(0.5)
        .setCumulativeLoss(1)
        .setCumulativeAccuracy(0.5)
        .setLearningRate(0.01)
        .setGradientNorm(1)
        .setRejected(0)
        .setSnapshotVersion(0)
        .setPredictions(List.of(new ImagePrediction(0, 0L, 1, 2, 0.5f, 1f)))
        .setObserved(
            MetricsObserved.newBuilder()
                .setTimeMs(START_MS)
                .setImagesPerSecond(3_200)
                .setLag(Map.of("images-0", 7L))
                .setCommitMs(5)
                .build())
        .build();
  }

  /** What the page's own classes hold after a full collection, as the JVM counts it. */
  private record Retained(long instances, long sizeBytes) {
    private static final Pattern LINE =
        Pattern.compile(
            "\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+\\[*L?"
                + "io\\.millrace\\.app\\.dashboard\\.(?:history|panel)\\..*");

    static Retained now() throws JMException {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      long instances = 0;
      long sizeBytes = 0;
      for (String line : histogram.lines().toList()) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches()) {
          instances += Long.parseLong(matcher.group(1));
          sizeBytes += Long.parseLong(matcher.group(2));
        }
      }
      return new Retained(instances, sizeBytes);
    }
  }
}
