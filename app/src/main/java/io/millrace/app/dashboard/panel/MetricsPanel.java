package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.MetricsObserved;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.history.Arrivals;
import io.millrace.app.dashboard.history.Curves;
import io.millrace.app.dashboard.history.Point;
import io.millrace.app.http.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** How learning goes: the newest numbers, and the points of the curves that came last. */
public final class MetricsPanel implements Panel {
  /** What a page that missed a few seconds may still get. */
  private static final int MAX_ARRIVALS = 100;

  private final Curves curves;
  private final BooleanSupplier paused;
  private final Arrivals arrivals = new Arrivals(MAX_ARRIVALS);
  private @Nullable TrainingMetrics newest;
  private boolean changed;
  private boolean toldPaused;

  /**
   * A panel without numbers.
   *
   * @param paused whether training waits for an operator
   */
  public MetricsPanel(Curves curves, BooleanSupplier paused) {
    this.curves = curves;
    this.paused = paused;
  }

  /** Takes the next record. */
  public synchronized void accept(TrainingMetrics metrics) {
    Point point = point(metrics);
    curves.add(point);
    arrivals.add(point);
    newest = metrics;
    changed = true;
  }

  /** A record as a point of the curves. */
  public static Point point(TrainingMetrics metrics) {
    MetricsObserved observed = metrics.getObserved();
    return new Point(
        observed.getTimeMs(),
        metrics.getStep(),
        metrics.getImages(),
        metrics.getWindowLoss(),
        metrics.getWindowAccuracy(),
        metrics.getLoss(),
        metrics.getAccuracy(),
        metrics.getLearningRate(),
        metrics.getGradientNorm(),
        observed.getImagesPerSecond(),
        lag(observed.getLag()));
  }

  private static long lag(Map<String, Long> byPartition) {
    return byPartition.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The newest record, once there is one. */
  public synchronized Optional<TrainingMetrics> newest() {
    return Optional.ofNullable(newest);
  }

  @Override
  public String event() {
    return "metrics";
  }

  @Override
  public byte[] whole() {
    return json(List.of(), newest());
  }

  @Override
  public Optional<byte[]> change() {
    boolean pausedNow = paused.getAsBoolean();
    List<Point> points;
    Optional<TrainingMetrics> latest;
    synchronized (this) {
      if (!changed && pausedNow == toldPaused) {
        return Optional.empty();
      }
      changed = false;
      toldPaused = pausedNow;
      points = arrivals.take();
      latest = newest();
    }
    return Optional.of(json(points, latest));
  }

  /** Forgets the points that nobody was there for; curves keep them. */
  public synchronized void skip() {
    arrivals.take();
  }

  @Override
  public boolean changesAreWhole() {
    return false;
  }

  private byte[] json(List<Point> points, Optional<TrainingMetrics> latest) {
    boolean waits = paused.getAsBoolean();
    return Json.object(json -> {
      JsonValues.points(json, points);
      json.writeFieldName("latest");
      if (latest.isEmpty()) {
        json.writeNull();
      } else {
        json.writeStartObject();
        write(json, latest.get());
        json.writeBooleanField("paused", waits);
        json.writeEndObject();
      }
    });
  }

  private static void write(JsonGenerator json, TrainingMetrics metrics) throws IOException {
    MetricsObserved observed = metrics.getObserved();
    json.writeNumberField("timeMs", observed.getTimeMs());
    json.writeNumberField("step", metrics.getStep());
    json.writeNumberField("images", metrics.getImages());
    json.writeNumberField("windowSize", metrics.getWindowSize());
    JsonValues.number(json, "windowLoss", metrics.getWindowLoss());
    JsonValues.number(json, "windowAccuracy", metrics.getWindowAccuracy());
    JsonValues.number(json, "cumulativeLoss", metrics.getCumulativeLoss());
    JsonValues.number(json, "cumulativeAccuracy", metrics.getCumulativeAccuracy());
    JsonValues.number(json, "learningRate", metrics.getLearningRate());
    JsonValues.number(json, "gradientNorm", metrics.getGradientNorm());
    JsonValues.number(json, "imagesPerSecond", observed.getImagesPerSecond());
    json.writeObjectFieldStart("lag");
    for (Map.Entry<String, Long> lag : new TreeMap<>(observed.getLag()).entrySet()) {
      json.writeNumberField(lag.getKey(), lag.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("lagTotal", lag(observed.getLag()));
    json.writeNumberField("rejected", metrics.getRejected());
    json.writeNumberField("skippedMinibatches", metrics.getSkippedMinibatches());
    JsonValues.text(json, "skipped", metrics.getSkipped().map(Enum::name));
    json.writeNumberField("snapshotVersion", metrics.getSnapshotVersion());
    json.writeNumberField("batchSize", metrics.getBatchSize());
    JsonValues.number(json, "eventTimeWatermarkMs", metrics.getEventTimeWatermarkMs());
    json.writeStringField("instance", observed.getInstance());
    JsonValues.number(json, "commitMs", observed.getCommitMs());
    json.writeNumberField("restoreMs", observed.getRestoreMs());
    json.writeNumberField("restoredRecords", observed.getRestoredRecords());
  }
}
