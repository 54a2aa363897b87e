package io.millrace.topology.learn;

import io.millrace.BatchTrigger;
import io.millrace.MetricsObserved;
import io.millrace.SkipReason;
import io.millrace.SourceRange;
import io.millrace.TrainingMetrics;
import io.millrace.model.training.StepResult;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.state.PrequentialMetrics;
import io.millrace.topology.state.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the metrics record of one minibatch, keyed by the model's name. */
final class MetricsRecords {

  private final AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
  private final String model;
  private final Observer observer;

  MetricsRecords(String model, Observer observer) {
    this.model = model;
    this.observer = observer;
  }

  KeyedBytes record(
      StepResult result,
      int correct,
      long step,
      BatchTrigger trigger,
      @Nullable SkipReason skipped,
      List<SourceRange> sources,
      Progress progress) {
    PrequentialMetrics metrics = progress.metrics();
    TrainingMetrics record =
        TrainingMetrics.newBuilder()
            .setModel(model)
            .setStep(step)
            .setImages(progress.images())
            .setBatchSize(result.batchSize())
            .setTrigger(trigger)
            .setSources(sources)
            .setLoss(result.meanLoss())
            .setAccuracy((float) correct / result.batchSize())
            .setWindowSize(metrics.windowSize())
            .setWindowLoss(metrics.windowLoss())
            .setWindowAccuracy(metrics.windowAccuracy())
            .setCumulativeLoss(metrics.cumulativeLoss())
            .setCumulativeAccuracy(metrics.cumulativeAccuracy())
            .setLearningRate(result.learningRate())
            .setGradientNorm(result.gradientNorm())
            .setRejected(progress.rejected())
            .setSnapshotVersion(progress.snapshotVersion())
            .setEventTimeWatermarkMs(
                progress.eventTimeWatermarkMs() < 0 ? null : progress.eventTimeWatermarkMs())
            .setSkipped(skipped)
            .setSkippedMinibatches(progress.refusals().minibatches())
            .setObserved(
                new MetricsObserved(
                    System.currentTimeMillis(), observer.imagesPerSecond(), observer.lag()))
            .build();
    observer.measured(record);
    return KeyedBytes.of(model, codec.encode(record));
  }
}
