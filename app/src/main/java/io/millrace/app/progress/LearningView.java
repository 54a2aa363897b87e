package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import io.millrace.app.terminal.Screen;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far learning is: a live block on a terminal, a line now and then where it is piped.
 * Metrics come on any thread; the rest is called by one.
 */
public final class LearningView implements ProgressReport {

  private final Screen screen;
  private final LearningBlock block;
  private final OptionalLong totalImages;
  private final long intervalNanos;
  private final String resumeHint;
  private final History losses = new History();
  private final History accuracies = new History();
  private String waiting = "waiting for the first minibatch ...";
  private @Nullable TrainingMetrics newest;
  private Optional<String> downstream = Optional.empty();
  private Optional<String> paused = Optional.empty();
  private long lineNanos;
  private long lineStep = -1;

  /**
   * A view that shows nothing yet.
   *
   * @param totalImages that will come in all, where that is known
   * @param intervalSeconds between lines where there is no block
   * @param resumeHint what to do about a pause
   */
  public LearningView(
      Screen screen, OptionalLong totalImages, int intervalSeconds, String resumeHint) {
    this.screen = screen;
    this.block = new LearningBlock(screen);
    this.totalImages = totalImages;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
    this.resumeHint = resumeHint;
    this.lineNanos = System.nanoTime() - intervalNanos;
  }

  @Override
  public synchronized void started(
      String model, String network, String images, String servers, int threads) {
    waiting = "waiting for the first minibatch of " + images + " ...";
    screen.print(
        String.format(
            Locale.ROOT,
            "learning %s (%s) from %s on %s with %d threads",
            model,
            network,
            images,
            servers,
            threads));
  }

  @Override
  public void listening(String url) {
    screen.print("health and metrics at " + url + "/readyz and " + url + "/metrics");
  }

  @Override
  public void note(String text) {
    screen.print(text);
  }

  @Override
  public synchronized void metrics(TrainingMetrics metrics) {
    newest = metrics;
    losses.add(metrics.getWindowLoss());
    accuracies.add(metrics.getWindowAccuracy());
  }

  /** How a downstream program does with the newest snapshot. */
  public synchronized void downstream(String text) {
    downstream = Optional.of(text);
  }

  @Override
  public void paused(Optional<String> reason) {
    boolean changed;
    synchronized (this) {
      changed = !reason.equals(paused);
      paused = reason;
    }
    if (changed && !screen.live()) {
      screen.print(reason.map(why -> "PAUSED: " + why + "; " + resumeHint).orElse("RESUMED"));
    }
  }

  @Override
  public synchronized void turn() {
    TrainingMetrics metrics = newest;
    if (screen.live()) {
      screen.draw(block.lines(state()));
    } else if (metrics != null
        && metrics.getStep() != lineStep
        && System.nanoTime() - lineNanos >= intervalNanos) {
      printLine(metrics);
    }
  }

  /** Says how the last image left things, and leaves it on the screen. */
  @Override
  public synchronized void end() {
    TrainingMetrics metrics = newest;
    if (screen.live()) {
      screen.draw(block.lines(state()));
      screen.settle();
    } else if (metrics != null && metrics.getStep() != lineStep) {
      printLine(metrics);
    }
  }

  private LearningState state() {
    return new LearningState(
        waiting,
        Optional.ofNullable(newest),
        losses.values(),
        accuracies.values(),
        totalImages,
        downstream,
        paused.map(why -> why + "; " + resumeHint));
  }

  private void printLine(TrainingMetrics metrics) {
    lineNanos = System.nanoTime();
    lineStep = metrics.getStep();
    screen.print(line(metrics));
  }

  private String line(TrainingMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "step %,d  images %,d%s  loss %.4f  accuracy %s  rate %.4g  %,.0f images/s  lag %,d"
            + "  dead letters %,d  skipped %,d  version %d%s",
        metrics.getStep(),
        metrics.getImages(),
        totalImages.isPresent()
            ? String.format(Locale.ROOT, " of %,d", totalImages.getAsLong())
            : "",
        metrics.getWindowLoss(),
        LearningBlock.percent(metrics.getWindowAccuracy()),
        metrics.getLearningRate(),
        metrics.getObserved().getImagesPerSecond(),
        LearningBlock.lag(metrics),
        metrics.getRejected(),
        metrics.getSkippedMinibatches(),
        metrics.getSnapshotVersion(),
        downstream.map(text -> "  downstream " + text).orElse(""));
  }
}
