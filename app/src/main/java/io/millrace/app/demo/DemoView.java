package io.millrace.app.demo;

import io.millrace.TrainingMetrics;
import io.millrace.app.downstream.Evaluation;
import io.millrace.app.terminal.Charts;
import io.millrace.app.terminal.Screen;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the demo shows: a live block on a terminal, one line now and then where it is piped. */
final class DemoView {

  private static final int BAR_WIDTH = 30;
  private static final int CURVE_POINTS = 2_000;
  private static final int CURVE_WIDTH = 40;
  private static final long LINE_INTERVAL_MS = 5_000;

  private final Screen screen;
  private final long totalImages;
  private final ArrayDeque<Double> losses = new ArrayDeque<>();
  private final ArrayDeque<Double> accuracies = new ArrayDeque<>();
  private @Nullable TrainingMetrics newest;
  private @Nullable Evaluation downstream;
  private long lineMs;
  private long linesImages = -1;

  DemoView(Screen screen, long totalImages) {
    this.screen = screen;
    this.totalImages = totalImages;
  }

  /** A line that stays. */
  void say(String line) {
    screen.print(line);
  }

  synchronized void metrics(TrainingMetrics metrics) {
    newest = metrics;
    remember(losses, metrics.getWindowLoss());
    remember(accuracies, metrics.getWindowAccuracy());
  }

  synchronized void downstream(Evaluation result) {
    downstream = result;
  }

  synchronized Optional<TrainingMetrics> newest() {
    return Optional.ofNullable(newest);
  }

  /** Draws the block, or prints a line if the last one was a while ago. */
  synchronized void refresh() {
    TrainingMetrics metrics = newest;
    if (metrics == null) {
      return;
    }
    if (screen.live()) {
      screen.draw(block(metrics));
    } else if (System.currentTimeMillis() - lineMs >= LINE_INTERVAL_MS
        && metrics.getImages() != linesImages) {
      lineMs = System.currentTimeMillis();
      linesImages = metrics.getImages();
      screen.print(line(metrics));
    }
  }

  /** Shows how the last image left things. */
  synchronized void finish() {
    TrainingMetrics metrics = newest;
    if (metrics != null && !screen.live()) {
      screen.print(line(metrics));
    }
  }

  /** Leaves the block on the screen. */
  void settle() {
    refresh();
    screen.settle();
  }

  private List<String> block(TrainingMetrics metrics) {
    double share = totalImages == 0 ? 1 : (double) metrics.getImages() / totalImages;
    double rate = metrics.getObserved().getImagesPerSecond();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(
        String.format(
            Locale.ROOT,
            "  trained     %s  %,d of %,d, %,.0f images/s%s",
            Charts.bar(share, BAR_WIDTH),
            metrics.getImages(),
            totalImages,
            rate,
            left(metrics, rate)));
    lines.add(
        String.format(
            Locale.ROOT,
            "  loss        %-8.4f  %s",
            metrics.getWindowLoss(),
            Charts.curve(toArray(losses), CURVE_WIDTH)));
    lines.add(
        String.format(
            Locale.ROOT,
            "  accuracy    %-8s  %s  before training on it",
            percent(metrics.getWindowAccuracy()),
            Charts.curve(toArray(accuracies), CURVE_WIDTH)));
    lines.add(
        String.format(
            Locale.ROOT,
            "  step        %,d   learning rate %.4g   gradient norm %.3g   dead letters %,d%s",
            metrics.getStep(),
            metrics.getLearningRate(),
            metrics.getGradientNorm(),
            metrics.getRejected(),
            metrics.getSkippedMinibatches() == 0
                ? ""
                : "   skipped minibatches " + metrics.getSkippedMinibatches()));
    lines.add(String.format(Locale.ROOT, "  published   version %d", metrics.getSnapshotVersion()));
    Evaluation result = downstream;
    lines.add(
        result == null
            ? "  downstream  waits for the first snapshot"
            : "  downstream  " + result.describe());
    return lines;
  }

  private String line(TrainingMetrics metrics) {
    Evaluation result = downstream;
    return String.format(
        Locale.ROOT,
        "trained %,d of %,d  loss %.4f  accuracy %s  %,.0f images/s  version %d%s",
        metrics.getImages(),
        totalImages,
        metrics.getWindowLoss(),
        percent(metrics.getWindowAccuracy()),
        metrics.getObserved().getImagesPerSecond(),
        metrics.getSnapshotVersion(),
        result == null ? "" : "  downstream " + result.describe());
  }

  private String left(TrainingMetrics metrics, double rate) {
    long images = totalImages - metrics.getImages();
    if (images <= 0 || rate < 1) {
      return "";
    }
    long seconds = Math.round(images / rate);
    return String.format(Locale.ROOT, ", %d:%02d left", seconds / 60, seconds % 60);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static void remember(ArrayDeque<Double> values, double value) {
    values.addLast(value);
    if (values.size() > CURVE_POINTS) {
      values.removeFirst();
    }
  }

  private static double[] toArray(ArrayDeque<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
