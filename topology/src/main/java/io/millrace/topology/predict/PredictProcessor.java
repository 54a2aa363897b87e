package io.millrace.topology.predict;

import io.millrace.Prediction;
import io.millrace.schemas.AvroCodec;
import io.millrace.serving.Answer;
import io.millrace.topology.decode.DeadLetterRecords;
import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedUnlabeled;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Sends the prediction of an image on, and what is no image to the dead letters with its reason.
 *
 * <p>One image at a time: what waited in memory for others to be predicted with would be lost if
 * its offset was committed meanwhile.
 */
final class PredictProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final AvroCodec<Prediction> CODEC = AvroCodec.of(Prediction.class);

  private final NewestModel models;
  private final PredictMeters meters;
  private @Nullable ProcessorContext<byte[], byte[]> context;

  PredictProcessor(NewestModel models, PredictMeters meters) {
    this.models = models;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    var context = Objects.requireNonNull(this.context);
    ServedModel model = models.current();
    switch (model.decoder().decode(record.value())) {
      case DecodedUnlabeled.Accepted image -> {
        Answer answer = model.predictor().predict(List.of(image.pixels())).getFirst();
        // The image's headers say something of the image, such as its signature.
        Record<byte[], byte[]> prediction =
            new Record<>(
                record.key(), CODEC.encode(prediction(model, image, answer)), record.timestamp());
        context.forward(prediction, PredictTopology.PREDICTIONS);
        meters.predicted(answer.version());
      }
      case Decoded.Rejected rejected -> {
        // Never empty here: only records of a source topic reach this node.
        var source = context.recordMetadata().orElseThrow();
        context.forward(
            DeadLetterRecords.of(record, source, rejected, PredictTopology.PREDICT),
            PredictTopology.DEAD_LETTERS);
        meters.reject();
      }
    }
  }

  private static Prediction prediction(
      ServedModel model, DecodedUnlabeled.Accepted image, Answer answer) {
    List<Float> probabilities = new ArrayList<>(answer.probabilities().length);
    for (float probability : answer.probabilities()) {
      probabilities.add(probability);
    }
    Prediction.Builder prediction =
        Prediction.newBuilder()
            .setId(image.id())
            .setModel(model.name())
            .setSnapshotVersion(answer.version())
            .setLabel(answer.label())
            .setProbabilities(probabilities);
    answer.className().ifPresent(prediction::setClassName);
    image.eventTimeMs().ifPresent(prediction::setEventTimeMs);
    return prediction.build();
  }
}
