package io.millrace.app.progress;

import io.millrace.TrainingMetrics;
import io.millrace.app.json.JsonText;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
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
    Map<String, @Nullable Object> fields = event("started", "model", model);
    fields.put("network", network);
    fields.put("topic", images);
    fields.put("bootstrapServers", servers);
    fields.put("threads", threads);
    print(fields);
  }

  @Override
  public synchronized void metrics(TrainingMetrics metrics) {
    newest = metrics;
  }

  @Override
  public void paused(Optional<String> reason) {
    if (!reason.equals(paused)) {
      paused = reason;
      print(reason.map(why -> event("paused", "reason", why)).orElseGet(() -> event("resumed")));
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
    print(event("stopped"));
  }

  private void progress() {
    TrainingMetrics metrics = newest;
    if (metrics == null || metrics.getStep() == lineStep) {
      return;
    }
    lineNanos = System.nanoTime();
    lineStep = metrics.getStep();
    Map<String, @Nullable Object> fields = event("progress");
    fields.put("model", metrics.getModel());
    fields.put("step", metrics.getStep());
    fields.put("images", metrics.getImages());
    fields.put("loss", metrics.getWindowLoss());
    fields.put("accuracy", metrics.getWindowAccuracy());
    fields.put("learningRate", metrics.getLearningRate());
    fields.put("gradientNorm", metrics.getGradientNorm());
    fields.put("imagesPerSecond", metrics.getObserved().getImagesPerSecond());
    fields.put("lag", LearningBlock.lag(metrics));
    fields.put("deadLetters", metrics.getRejected());
    fields.put("skippedMinibatches", metrics.getSkippedMinibatches());
    fields.put("version", metrics.getSnapshotVersion());
    fields.put("timeMs", metrics.getObserved().getTimeMs());
    print(fields);
  }

  private static Map<String, @Nullable Object> event(String name) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("event", name);
    return fields;
  }

  private static Map<String, @Nullable Object> event(String name, String key, String value) {
    Map<String, @Nullable Object> fields = event(name);
    fields.put(key, value);
    return fields;
  }

  private void print(Map<String, @Nullable Object> fields) {
    out.println(JsonText.line(fields));
    out.flush();
  }
}
