package io.millrace.topology.learn;

import io.millrace.BatchTrigger;
import io.millrace.ImagePrediction;
import io.millrace.MetricsObserved;
import io.millrace.SkipReason;
import io.millrace.SourceRange;
import io.millrace.TrainingMetrics;
import io.millrace.model.training.StepResult;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.state.PendingMinibatch;
import io.millrace.topology.state.PrequentialMetrics;
import io.millrace.topology.state.Progress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the metrics record of one minibatch, keyed by the model's name. */
final class MetricsRecords {

  /** So that the record of the largest minibatch stays far below what a broker takes. */
  private static final int MAX_PREDICTIONS = 1_024;

  private final AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
  private final String model;
  private final boolean predictions;
  private final Observer observer;
  private final String instance = host() + "/" + ProcessHandle.current().pid();

  MetricsRecords(LearnerConfig config, Observer observer) {
    this.model = config.model();
    this.predictions = config.metrics().predictions();
    this.observer = observer;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }

  /** What was predicted of the minibatch's images, before they are taken away. */
  List<ImagePrediction> predictions(StepResult result, PendingMinibatch pending) {
    if (!predictions) {
      return List.of();
    }
    int count = Math.min(MAX_PREDICTIONS, result.batchSize());
    List<ImagePrediction> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      DecodedImage image = pending.get(i);
      all.add(
          new ImagePrediction(
              image.partition(),
              image.offset(),
              image.label(),
              result.predicted()[i],
              result.probability()[i],
              result.sampleLoss()[i]));
    }
    return all;
  }

  KeyedBytes record(
      StepResult result,
      int correct,
      long step,
      BatchTrigger trigger,
      @Nullable SkipReason skipped,
      List<SourceRange> sources,
      List<ImagePrediction> predictions,
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
            .setPredictions(predictions)
            .setObserved(observed())
            .build();
    observer.measured(record);
    return KeyedBytes.of(model, codec.encode(record));
  }

  private MetricsObserved observed() {
    StreamTimes times = observer.streamTimes();
    return new MetricsObserved(
        System.currentTimeMillis(),
        observer.imagesPerSecond(),
        observer.lag(),
        instance,
        times.commitMs(),
        times.restoreMs(),
        times.restoredRecords());
  }
}
