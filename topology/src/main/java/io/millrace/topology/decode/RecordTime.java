package io.millrace.topology.decode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's timestamp; for a record that has none, as some clients send it, the partition's latest
 * so far. Kafka Streams' own extractors stop the learner at such a record, or drop it in silence,
 * or ask the clock, which would make a replay differ.
 */
public final class RecordTime implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return of(record.timestamp(), partitionTime);
  }

  /** The same of a record's own timestamp, which is negative where it has none. */
  public static long of(long timestamp, long partitionTime) {
    return timestamp >= 0 ? timestamp : Math.max(0, partitionTime);
  }
}
