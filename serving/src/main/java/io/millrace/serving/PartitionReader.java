package io.millrace.serving;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is committed on the one partition of a topic, and counts what comes over the network
 * for it. All but {@link #wakeup} is for one thread.
 */
final class PartitionReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** So little that a broker sends one batch of records, or several small ones. */
  private static final int SMALL_FETCH_BYTES = 64 << 10;

  private static final int LARGE_FETCH_BYTES = 8 << 20;

  private final String topic;
  private final TopicPartition partition;
  private final CountDownLatch closing;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<Metric> received;

  private PartitionReader(String topic, Map<String, Object> properties, CountDownLatch closing) {
    this.topic = topic;
    this.closing = closing;
    partition = new TopicPartition(topic, 0);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    received =
        consumer.metrics().entrySet().stream()
            .filter(metric -> isReceivedBytes(metric.getKey()))
            .<Metric>map(metric -> metric.getValue())
            .toList();
  }

  private static boolean isReceivedBytes(MetricName name) {
    return name.name().equals("incoming-byte-total") && name.group().equals("consumer-metrics");
  }

  /** For long stretches; makes the consumer, does not connect yet. */
  static PartitionReader following(
      Map<String, Object> kafka, String topic, CountDownLatch closing) {
    return new PartitionReader(topic, properties(kafka), closing);
  }

  /** For a few records here and there: asks for little at a time and never waits at the end. */
  static PartitionReader probing(Map<String, Object> kafka, String topic, CountDownLatch closing) {
    Map<String, Object> properties = properties(kafka);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, SMALL_FETCH_BYTES);
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 1);
    properties.computeIfPresent(ConsumerConfig.CLIENT_ID_CONFIG, (_, id) -> id + "-probe");
    return new PartitionReader(topic, properties, closing);
  }

  static Map<String, Object> properties(Map<String, Object> given) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LARGE_FETCH_BYTES);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  /** Waits until the topic is there; false if closed before. */
  boolean awaitTopic() throws InterruptedException {
    boolean told = false;
    while (!closed()) {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, REQUEST);
      if (partitions != null && partitions.size() > 1) {
        throw new InvalidTopicException(
            "topic "
                + topic
                + ": expected 1 partition, got "
                + partitions.size()
                + "; its records need the order of one partition");
      }
      if (partitions != null && partitions.size() == 1) {
        consumer.assign(List.of(partition));
        return true;
      }
      if (!told) {
        LOG.info("{}: the topic is not there yet; waiting for it", topic);
        told = true;
      }
      if (closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  /** Joins a topic that is there. */
  void assign() {
    consumer.assign(List.of(partition));
  }

  /** The first offset that is still kept. */
  long begin() {
    return offset(consumer.beginningOffsets(List.of(partition), REQUEST));
  }

  /** The offset after all that is committed or aborted. */
  long end() {
    return offset(consumer.endOffsets(List.of(partition), REQUEST));
  }

  /** Hands out the records from one offset up to another, which must not be above the end. */
  void read(long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    Optional<ConsumerRecord<byte[], byte[]>> none =
        first(
            from,
            to,
            record -> {
              sink.accept(record);
              return false;
            });
    if (none.isPresent()) {
      throw new IllegalStateException("expected to read all, stopped at " + none.get().offset());
    }
  }

  /** The first record from one offset up to another that is wanted. */
  Optional<ConsumerRecord<byte[], byte[]>> first(
      long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    seek(from);
    while (!closed() && consumer.position(partition, REQUEST) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() >= to) {
          break;
        }
        if (wanted.test(record)) {
          return Optional.of(record);
        }
      }
    }
    return Optional.empty();
  }

  void seek(long offset) {
    consumer.seek(partition, offset);
  }

  /** What comes next, or nothing after a moment. */
  ConsumerRecords<byte[], byte[]> poll() {
    return consumer.poll(POLL);
  }

  boolean closed() {
    return closing.getCount() == 0;
  }

  /** Bytes that the brokers have sent in all: records, also those passed over, and the rest. */
  long receivedBytes() {
    double bytes = 0;
    for (Metric metric : received) {
      bytes += metric.metricValue() instanceof Double value ? value : 0;
    }
    return (long) bytes;
  }

  /** Makes a call under way end; for any thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private long offset(Map<TopicPartition, Long> offsets) {
    Long offset = offsets.get(partition);
    return offset == null ? 0 : offset;
  }
}
