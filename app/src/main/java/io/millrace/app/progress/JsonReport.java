package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import io.millrace.app.json.JsonLine;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Progress as a line of JSON for each event. */
public final class JsonReport implements ProgressReport {

  private final PrintWriter out;
  private final long intervalNanos;
  private @Nullable TrainingMetrics newest;
  private Optional<String> paused = Optional.empty();
  private long lineNanos;
  private long lineStep = -1;

  /**
   * A report that says nothing yet.
   *
   * @param intervalSeconds between two events of progress
   */
  public JsonReport(PrintWriter out, int intervalSeconds) {
    this.out = out;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(intervalSeconds);
    this.lineNanos = System.nanoTime() - intervalNanos;
  }

  @Override
  public void started(String model, String network, String images, String servers, int threads) {
    JsonLine.event("started")
        .with("model", model)
        .with("network", network)
        .with("topic", images)
        .with("bootstrapServers", servers)
        .with("threads", threads)
        .print(out);
  }

  @Override
  public void listening(String url) {
    JsonLine.event("listening").with("url", url).print(out);
  }

  @Override
  public void note(String text) {
    JsonLine.event("note").with("text", text).print(out);
  }

  @Override
  public synchronized void metrics(TrainingMetrics metrics) {
    newest = metrics;
  }

  @Override
  public void paused(Optional<String> reason) {
    if (!reason.equals(paused)) {
      paused = reason;
      reason
          .map(why -> JsonLine.event("paused").with("reason", why))
          .orElseGet(() -> JsonLine.event("resumed"))
          .print(out);
    }
  }

  @Override
  public synchronized void turn() {
    if (System.nanoTime() - lineNanos >= intervalNanos) {
      progress();
    }
  }

  @Override
  public synchronized void end() {
    progress();
    JsonLine.event("stopped").print(out);
  }

  private void progress() {
    TrainingMetrics metrics = newest;
    if (metrics == null || metrics.getStep() == lineStep) {
      return;
    }
    lineNanos = System.nanoTime();
    lineStep = metrics.getStep();
    JsonLine.event("progress")
        .with("model", metrics.getModel())
        .with("step", metrics.getStep())
        .with("images", metrics.getImages())
        .with("loss", metrics.getWindowLoss())
        .with("accuracy", metrics.getWindowAccuracy())
        .with("learningRate", metrics.getLearningRate())
        .with("gradientNorm", metrics.getGradientNorm())
        .with("imagesPerSecond", metrics.getObserved().getImagesPerSecond())
        .with("lag", LearningBlock.lag(metrics))
        .with("deadLetters", metrics.getRejected())
        .with("skippedMinibatches", metrics.getSkippedMinibatches())
        .with("version", metrics.getSnapshotVersion())
        .with("timeMs", metrics.getObserved().getTimeMs())
        .print(out);
  }
}
