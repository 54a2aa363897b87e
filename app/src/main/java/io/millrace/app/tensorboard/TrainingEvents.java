package io.millrace.app.tensorboard;

import io.millrace.ActivationStatistics;
import io.millrace.LayerStatistics;
import io.millrace.ParameterStatistics;
import io.millrace.TrainingMetrics;
import java.io.IOException;

/**
 * Turns records of a learner into events. The first thousand steps are written each, later ones at
 * most five times a second by their own clock, so that a day makes megabytes and not gigabytes.
 */
final class TrainingEvents {

  private static final int FIRST = 1_000;
  private static final long INTERVAL_MS = 200;

  private final EventFile file;
  private int written;
  private long writtenMs;
  private long newestMs;

  TrainingEvents(EventFile file) {
    this.file = file;
  }

  void add(TrainingMetrics metrics) throws IOException {
    long timeMs = metrics.getObserved().getTimeMs();
    newestMs = timeMs;
    boolean due = written < FIRST || Math.abs(timeMs - writtenMs) >= INTERVAL_MS;
    // A refused minibatch moved no weight: it has no step of its own, and its loss may be infinite.
    if (!due || metrics.getSkipped().isPresent()) {
      return;
    }
    written++;
    writtenMs = timeMs;
    Summary summary =
        new Summary()
            .scalar("train/loss", metrics.getLoss())
            .scalar("train/accuracy", metrics.getAccuracy())
            .scalar("train/loss_window", metrics.getWindowLoss())
            .scalar("train/accuracy_window", metrics.getWindowAccuracy())
            .scalar("optimizer/learning_rate", metrics.getLearningRate())
            .scalar("optimizer/gradient_norm", metrics.getGradientNorm())
            .scalar("stream/images_per_second", metrics.getObserved().getImagesPerSecond())
            .scalar("stream/lag", lag(metrics))
            .scalar("stream/dead_letters", (double) metrics.getRejected())
            .scalar("stream/skipped_minibatches", (double) metrics.getSkippedMinibatches())
            .scalar("snapshots/version", (double) metrics.getSnapshotVersion());
    file.write(timeMs, metrics.getStep(), summary);
  }

  private static double lag(TrainingMetrics metrics) {
    return metrics.getObserved().getLag().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Has no clock of its own, and takes that of the newest minibatch. */
  void add(LayerStatistics layers) throws IOException {
    Summary summary = new Summary();
    for (ParameterStatistics parameter : layers.getParameters()) {
      String name = parameter.getName();
      summary
          .histogram("weights/" + name, parameter.getWeights())
          .histogram("gradients/" + name, parameter.getGradients())
          .scalar("weight_norm/" + name, parameter.getWeightNorm())
          .scalar("gradient_norm/" + name, parameter.getGradientNorm());
      if (parameter.getWeightNorm() > 0) {
        summary.scalar(
            "update_to_weight/" + name, parameter.getUpdateNorm() / parameter.getWeightNorm());
      }
    }
    for (ActivationStatistics activation : layers.getActivations()) {
      summary
          .histogram("activations/" + activation.getLayer(), activation.getValues())
          .scalar("activation_zeros/" + activation.getLayer(), activation.getZeros());
    }
    layers
        .getFilters()
        .ifPresent(
            filters -> summary.image("filters/" + filters.getParameter(), Picture.of(filters)));
    file.write(newestMs == 0 ? System.currentTimeMillis() : newestMs, layers.getStep(), summary);
  }
}
