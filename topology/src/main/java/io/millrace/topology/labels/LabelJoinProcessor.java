package io.millrace.topology.labels;

import io.millrace.topology.config.LabelJoinConfig;
import java.time.Duration;
import java.util.Objects;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Hands images and labels to a {@link LabelJoin}, after what is over by then. */
final class LabelJoinProcessor implements Processor<byte[], Arrival, byte[], byte[]> {

  /** After a leap of time much may be over at once; a record must not wait for all of it. */
  private static final int OVER_AT_ONCE = 256;

  private static final Duration SWEEP = Duration.ofMillis(200);

  private final LabelJoinConfig config;
  private final LabelJoinMeters meters;
  private @Nullable LabelJoin join;
  private @Nullable Cancellable sweep;
  private @Nullable ProcessorContext<byte[], byte[]> context;

  LabelJoinProcessor(LabelJoinConfig config, LabelJoinMeters meters) {
    this.config = config;
    this.meters = meters;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    LabelJoin join =
        new LabelJoin(config, new JoinMemory(context), new JoinOutput(config, context, meters));
    this.context = context;
    this.join = join;
    // Event time decides what is over; this only works off what one record did not.
    sweep =
        context.schedule(
            SWEEP,
            PunctuationType.WALL_CLOCK_TIME,
            _ -> join.endWhatIsOver(context.currentStreamTimeMs(), OVER_AT_ONCE));
  }

  /** Kafka Streams keeps punctuations when it closes a task's processors to restore its state. */
  @Override
  public void close() {
    if (sweep != null) {
      sweep.cancel();
      sweep = null;
    }
  }

  @Override
  public void process(Record<byte[], Arrival> record) {
    var context = Objects.requireNonNull(this.context);
    LabelJoin join = Objects.requireNonNull(this.join);
    // It knows this record's time already, and never goes back.
    long nowMs = context.currentStreamTimeMs();
    join.endWhatIsOver(nowMs, OVER_AT_ONCE);
    // Never empty here: only records of a source topic reach this node.
    join.take(record, context.recordMetadata().orElseThrow(), nowMs);
  }
}
