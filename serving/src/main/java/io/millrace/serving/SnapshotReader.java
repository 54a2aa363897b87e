package io.millrace.serving;

import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Pending;
import io.millrace.serving.AssemblyResult.Rejected;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the snapshot topic. All but {@link #wakeup} is for one thread. */
final class SnapshotReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration REQUEST = Duration.ofSeconds(10);

  /** Records from the end to look at first: a model of some ten million parameters. */
  private static final long FIRST_WINDOW = 256;

  private final SubscriberConfig config;
  private final Optional<String> model;
  private final Consumer<Snapshot> onSnapshot;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private SnapshotAssembler assembler;

  /**
   * Makes the consumer; does not connect yet.
   *
   * @param model the model to follow; empty for that of the first whole snapshot
   */
  SnapshotReader(SubscriberConfig config, Optional<String> model, Consumer<Snapshot> onSnapshot) {
    this.config = config;
    this.model = model;
    this.onSnapshot = onSnapshot;
    partition = new TopicPartition(config.topic(), 0);
    assembler = newAssembler();
    consumer =
        new KafkaConsumer<>(
            properties(config.kafka()), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Map<String, Object> properties(Map<String, Object> given) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return properties;
  }

  /**
   * Finds the newest whole snapshot and hands it on, then stands at the end of the topic. Looks at
   * a window before the end, and at twice as many records as long as no whole one is among them.
   */
  void seekNewest(CountDownLatch closing) throws InterruptedException {
    if (!awaitTopic(closing)) {
      return;
    }
    consumer.assign(List.of(partition));
    long begin = offset(consumer.beginningOffsets(List.of(partition), REQUEST));
    long end = offset(consumer.endOffsets(List.of(partition), REQUEST));
    for (long window = FIRST_WINDOW; !closed(closing); window *= 2) {
      long start = Math.max(begin, end - window);
      Snapshot newest = scan(start, end, start == begin, closing);
      if (newest != null) {
        onSnapshot.accept(newest);
        return;
      }
      if (start == begin) {
        LOG.info("{}: no whole snapshot yet; following", config.topic());
        return;
      }
    }
  }

  /** Hands on each snapshot that comes, until closed. */
  void follow(CountDownLatch closing) {
    while (!closed(closing)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Snapshot snapshot = accept(record, true);
        if (snapshot != null) {
          onSnapshot.accept(snapshot);
        }
      }
    }
  }

  /** Makes a call under way end; for any thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private boolean awaitTopic(CountDownLatch closing) throws InterruptedException {
    boolean told = false;
    while (!closed(closing)) {
      List<PartitionInfo> partitions = consumer.partitionsFor(config.topic(), REQUEST);
      if (partitions != null && partitions.size() > 1) {
        throw new InvalidTopicException(
            "topic "
                + config.topic()
                + ": expected 1 partition, got "
                + partitions.size()
                + "; snapshots need the order of one partition");
      }
      if (partitions != null && partitions.size() == 1) {
        return true;
      }
      if (!told) {
        LOG.info("{}: the topic is not there yet; waiting for it", config.topic());
        told = true;
      }
      if (closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
    return false;
  }

  private @Nullable Snapshot scan(long start, long end, boolean all, CountDownLatch closing) {
    assembler = newAssembler();
    consumer.seek(partition, start);
    Snapshot newest = null;
    while (!closed(closing) && consumer.position(partition, REQUEST) < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        // A window may cut the oldest snapshot in it: that is no news.
        Snapshot snapshot = accept(record, all || newest != null);
        newest = snapshot == null ? newest : snapshot;
      }
    }
    return newest;
  }

  private @Nullable Snapshot accept(
      ConsumerRecord<byte[], byte[]> record, boolean warnOfIncomplete) {
    return switch (assembler.accept(record.key(), record.value())) {
      case Pending _ -> null;
      case Assembled assembled -> assembled.snapshot();
      case Rejected rejected -> {
        if (warnOfIncomplete || rejected.reason() != AssemblyResult.Reason.INCOMPLETE) {
          LOG.warn("{} offset {}: skipped {}", config.topic(), record.offset(), rejected);
        }
        yield null;
      }
    };
  }

  private SnapshotAssembler newAssembler() {
    return new SnapshotAssembler(model, config.maxSnapshotBytes());
  }

  private static boolean closed(CountDownLatch closing) {
    return closing.getCount() == 0;
  }

  private long offset(Map<TopicPartition, Long> offsets) {
    Long offset = offsets.get(partition);
    return offset == null ? 0 : offset;
  }
}
