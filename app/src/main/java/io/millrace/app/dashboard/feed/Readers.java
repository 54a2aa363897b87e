package io.millrace.app.dashboard.feed;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Consumers that belong to no group, see committed records alone and leave nothing behind. */
final class Readers {
  /** Where no broker answers, Kafka's clients would wait a minute. */
  private static final int MAX_BLOCK_MS = 10_000;

  private static final int RECONNECT_MS = 5_000;

  private Readers() {}

  /**
   * A consumer.
   *
   * @param client properties of any client of the cluster
   * @param maxRecords of one poll
   */
  static Consumer<byte[], byte[]> open(Map<String, String> client, int maxRecords) {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, MAX_BLOCK_MS);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxRecords);
    // Kafka's clients write a line for every try.
    properties.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, RECONNECT_MS);
    return new KafkaConsumer<>(
        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }
}
