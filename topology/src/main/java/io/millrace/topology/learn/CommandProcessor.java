package io.millrace.topology.learn;

import io.millrace.topology.decode.CommandDecoder;
import io.millrace.topology.decode.CommandDecoder.Result;
import java.util.Objects;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Sends a command to this model on to the learner, and what is no command to the dead letters. */
public final class CommandProcessor implements Processor<byte[], byte[], byte[], Object> {

  private final CommandDecoder decoder;
  private final String learner;
  private final String deadLetters;
  private final Observer observer;
  private @Nullable ProcessorContext<byte[], Object> context;

  /**
   * A processor that forwards to two children.
   *
   * @param learner name of the node that takes commands
   * @param deadLetters name of the node that takes what is none
   * @param observer told of each
   */
  public CommandProcessor(
      CommandDecoder decoder, String learner, String deadLetters, Observer observer) {
    this.decoder = decoder;
    this.learner = learner;
    this.deadLetters = deadLetters;
    this.observer = observer;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    var context = Objects.requireNonNull(this.context);
    long nowMs = context.currentSystemTimeMs();
    switch (decoder.decode(record.value(), record.headers(), nowMs)) {
      case Result.Mine mine -> context.forward(record.withValue(mine.command()), learner);
      case Result.Others _ -> {}
      case Result.Unreadable unreadable -> {
        RecordMetadata source = context.recordMetadata().orElseThrow();
        observer.deadLetter(
            unreadable.reason().reason(),
            source.topic(),
            source.partition(),
            source.offset(),
            unreadable.reason().message());
        context.forward(
            // With the time that a command is given, it would expire at once.
            DeadLetters.record(record.withTimestamp(nowMs), source, unreadable.reason()),
            deadLetters);
      }
    }
  }
}
