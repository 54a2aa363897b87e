package io.millrace.app.dashboard.feed;

import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic to follow.
 *
 * @param back offsets before the present end of each partition to begin with
 * @param started hears where the reading of a partition begins
 * @param sink takes each record, on the feed's thread; a record that it throws on is logged and
 *     passed over
 */
public record Source(
    String topic, long back, Started started, Consumer<ConsumerRecord<byte[], byte[]>> sink) {

  /** Hears where the reading of a partition begins. */
  @FunctionalInterface
  public interface Started {
    void at(TopicPartition partition, long offset);
  }

  /** All of a topic. */
  public static Source whole(String topic, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    return last(topic, Long.MAX_VALUE, sink);
  }

  /** The end of a topic, and what comes. */
  public static Source last(
      String topic, long back, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    return new Source(topic, back, (_, _) -> {}, sink);
  }
}
