package io.millrace.topology.learn;

import io.millrace.topology.decode.Decoded;
import io.millrace.topology.decode.DecodedImage;
import io.millrace.topology.decode.ImageDecoder;
import io.millrace.topology.state.TrainingCheckpoint;
import io.millrace.topology.state.TrainingStateStore;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Sends an image on to the learner, and anything else to the dead letters with its reason. */
public final class DecodeProcessor implements Processor<byte[], byte[], byte[], Object> {

  private final ImageDecoder decoder;
  private final String learner;
  private final String deadLetters;
  private final Observer observer;
  private @Nullable ProcessorContext<byte[], Object> context;
  private @Nullable TrainingCheckpoint checkpoint;

  /**
   * A processor that forwards to two children.
   *
   * @param learner name of the node that takes images
   * @param deadLetters name of the node that takes what is none
   * @param observer told of each
   */
  public DecodeProcessor(
      ImageDecoder decoder, String learner, String deadLetters, Observer observer) {
    this.decoder = decoder;
    this.learner = learner;
    this.deadLetters = deadLetters;
    this.observer = observer;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    TrainingStateStore store = context.getStateStore(TrainingStateStore.NAME);
    this.checkpoint = store.checkpoint();
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    var context = Objects.requireNonNull(this.context);
    // Never empty here: only records of a source topic reach this node.
    RecordMetadata source = context.recordMetadata().orElseThrow();
    switch (decoder.decode(record.value())) {
      case Decoded.Accepted image when image.heldOut() -> {}
      case Decoded.Accepted image ->
          context.forward(
              record.withValue(
                  DecodedImage.of(
                      image,
                      record.timestamp(),
                      source.topic(),
                      source.partition(),
                      source.offset())),
              learner);
      case Decoded.Rejected rejected -> {
        Objects.requireNonNull(checkpoint).progress().countRejected();
        observer.deadLetter(
            rejected.reason(),
            source.topic(),
            source.partition(),
            source.offset(),
            rejected.message());
        context.forward(DeadLetters.record(record, source, rejected), deadLetters);
      }
    }
  }
}
