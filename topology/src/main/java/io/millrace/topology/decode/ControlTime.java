package io.millrace.topology.decode;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The beginning of time. Kafka Streams takes the oldest of the records that it has in hand first,
 * and a command must not wait until all images that were sent before it are learned.
 */
public final class ControlTime implements TimestampExtractor {

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return 0;
  }
}
