package io.millrace.tests.support;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed in all partitions of a topic; of each partition in order. */
public final class PartitionedTopic {

  private final String bootstrapServers;
  private final String topic;

  public PartitionedTopic(String bootstrapServers, String topic) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
  }

  /**
   * Waits until somebody has made it, with so many partitions.
   *
   * @param health throws when there is nothing to wait for any more
   */
  public void awaitPartitions(int count, Runnable health) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      Eventually.await(
          topic + " with " + count + " partitions",
          () -> {
            health.run();
            return partitions(consumer).size() == count ? Optional.of(true) : Optional.empty();
          },
          () -> partitions(consumer).size() + " partitions");
    }
  }

  /** Every committed record from the start to the present end. */
  public List<ConsumerRecord<byte[], byte[]>> read() {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(consumer);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      Eventually.await(
          topic + " to " + ends,
          () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            return partitions.stream()
                    .allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L))
                ? Optional.of(true)
                : Optional.empty();
          },
          () -> records.size() + " records");
      return records;
    }
  }

  /**
   * Waits until there are at least so many committed records, and a moment longer, so that one too
   * many would be seen.
   *
   * @param health throws when there is nothing to wait for any more
   */
  public List<ConsumerRecord<byte[], byte[]>> awaitCount(int count, Runnable health) {
    List<ConsumerRecord<byte[], byte[]>> seen = new ArrayList<>();
    Eventually.await(
        topic + ": " + count + " records",
        () -> {
          health.run();
          seen.clear();
          seen.addAll(read());
          return seen.size() >= count ? Optional.of(true) : Optional.empty();
        },
        () -> seen.size() + " records");
    try {
      Thread.sleep(1_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return read();
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) {
    return Optional.ofNullable(consumer.listTopics().get(topic)).orElse(List.of()).stream()
        .map(info -> new TopicPartition(topic, info.partition()))
        .toList();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
