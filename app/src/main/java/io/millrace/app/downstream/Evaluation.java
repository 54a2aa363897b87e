package io.millrace.app.downstream;

import io.millrace.serving.Snapshot;
import java.util.Locale;

/**
 * How a snapshot did on held-out images.
 *
 * @param publishedToMeasuredMs from the snapshot's publication to the end of the measurement
 */
public record Evaluation(Snapshot snapshot, int correct, int images, long publishedToMeasuredMs) {

  /** Share of right predictions, 0 to 1. */
  public double accuracy() {
    return (double) correct / images;
  }

  /** For example {@code version 12 (step 1,500): 88.4 % of 1,000 held-out images}. */
  public String describe() {
    return String.format(
        Locale.ROOT,
        "version %d (step %,d): %.2f %% of %,d held-out images",
        snapshot.version(),
        snapshot.step(),
        accuracy() * 100,
        images);
  }
}
