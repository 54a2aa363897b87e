package io.millrace.topology.labels;

import io.millrace.topology.decode.RecordTime;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The event time that a record tells; where it tells none, the record's own timestamp.
 *
 * <p>An event time that is far ahead of the record's timestamp does not count: time would leap to
 * it, and all that waits would be over. Brokers keep timestamps near their clocks.
 */
public final class EventTime implements TimestampExtractor {

  /** How far ahead brokers let a timestamp be, by default. */
  static final Duration MOST_AHEAD = Duration.ofHours(1);

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    long timestamp = RecordTime.of(record.timestamp(), partitionTime);
    return told(record.value()).filter(time -> !ahead(time, timestamp)).orElse(timestamp);
  }

  /** The event time in the record; empty where it tells none, or one before 1970. */
  static Optional<Long> told(Object value) {
    Optional<Long> time =
        switch (value) {
          case Arrival.Image image -> image.image().getEventTimeMs();
          case Arrival.Label label -> label.label().getEventTimeMs();
          default -> Optional.empty();
        };
    return time.filter(ms -> ms >= 0);
  }

  private static boolean ahead(long eventTimeMs, long timestampMs) {
    return eventTimeMs > timestampMs && eventTimeMs - timestampMs > MOST_AHEAD.toMillis();
  }
}
