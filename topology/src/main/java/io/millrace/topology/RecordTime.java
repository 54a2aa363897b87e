package io.millrace.topology;

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
    return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTime);
  }
}
