package io.millrace.app.progress;

import io.millrace.BatchTrigger;
import io.millrace.MetricsObserved;
import io.millrace.TrainingMetrics;
import java.util.List;
import java.util.Map;

/** Metrics as a learner might send them. */
final class SomeMetrics {

  private SomeMetrics() {}

  static TrainingMetrics at(long step) {
    return TrainingMetrics.newBuilder()
        .setModel("shoes")
        .setStep(step)
        .setImages(32 * step)
        .setBatchSize(32)
        .setTrigger(BatchTrigger.COUNT)
        .setSources(List.of())
        .setPredictions(List.of())
        .setLoss(0.5f)
        .setAccuracy(0.75f)
        .setWindowSize(1000)
        .setWindowLoss(2.0 / (1 + step / 100.0))
        .setWindowAccuracy(1 - 0.9 / (1 + step / 100.0))
        .setCumulativeLoss(1)
        .setCumulativeAccuracy(0.6)
        .setLearningRate(0.015)
        .setGradientNorm(1.234)
        .setRejected(3)
        .setSnapshotVersion(12)
        .setSkippedMinibatches(1)
        .setObserved(
            MetricsObserved.newBuilder()
                .setTimeMs(1_000)
                .setImagesPerSecond(2_534)
                .setLag(Map.of("shop.images-0", 5_000L))
                .build())
        .build();
  }
}
