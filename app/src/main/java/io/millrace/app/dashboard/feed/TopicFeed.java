package io.millrace.app.dashboard.feed;

import io.millrace.app.process.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows topics on one thread of its own, for as long as it is open: a topic that is not there yet
 * is waited for, one that may not be read is left out and asked for again later, and while Kafka is
 * away it keeps trying from where it was.
 */
public final class TopicFeed implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long BACKOFF_MS = 2_000;
  private static final long MISSING_LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final int MAX_RECORDS = 500;

  private final Map<String, String> client;
  private final Map<String, Source> sources;
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Set<String> refused = new HashSet<>();
  private final Map<String, String> problems = new ConcurrentSkipListMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> consumer;
  private long lookedNanos;

  private TopicFeed(Map<String, String> client, List<Source> sources, String name) {
    this.client = client;
    this.sources = sources.stream().collect(Collectors.toMap(Source::topic, Function.identity()));
    thread = Thread.ofPlatform().daemon().name("millrace-page-" + name).unstarted(this::run);
  }

  /**
   * Begins to follow; returns at once.
   *
   * @param client properties of any client of the cluster
   * @param name of the thread's
   */
  public static TopicFeed start(Map<String, String> client, List<Source> sources, String name) {
    TopicFeed feed = new TopicFeed(client, sources, name);
    feed.thread.start();
    return feed;
  }

  /** What stands in the way of reading a topic, by topic. */
  public Map<String, String> problems() {
    return new TreeMap<>(problems);
  }

  private void run() {
    while (closing.getCount() > 0) {
      try (Consumer<byte[], byte[]> opened = Readers.open(client, MAX_RECORDS)) {
        consumer = opened;
        lookedNanos = System.nanoTime() - LOOK_NANOS;
        follow(opened);
      } catch (WakeupException e) {
        LOG.debug("page: woken to close");
      } catch (TopicAuthorizationException e) {
        refused.addAll(e.unauthorizedTopics());
        e.unauthorizedTopics()
            .forEach(topic ->
                problems.put(topic, "expected the right to READ topic " + topic + ", got none"));
      } catch (RuntimeException e) {
        LOG.debug("page: {}; trying again", e.toString(), e);
        pause();
      } finally {
        consumer = null;
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> from) {
    while (closing.getCount() > 0) {
      look(from);
      if (from.assignment().isEmpty()) {
        pause();
        continue;
      }
      ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        take(record);
      }
      records.nextOffsets().forEach((partition, next) -> positions.put(partition, next.offset()));
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    Source source = sources.get(record.topic());
    if (source == null) {
      return;
    }
    try {
      source.sink().accept(record);
    } catch (RuntimeException e) {
      LOG.warn(
          "page: {}-{}@{}: passed over: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.toString());
    }
  }

  /** Takes in topics and partitions that were not there before. */
  private void look(Consumer<byte[], byte[]> from) {
    long sinceNanos = System.nanoTime() - lookedNanos;
    boolean missing = !problems.isEmpty();
    if (sinceNanos < (missing ? MISSING_LOOK_NANOS : LOOK_NANOS)) {
      return;
    }
    if (sinceNanos >= LOOK_NANOS) {
      refused.clear();
    }
    lookedNanos = System.nanoTime();
    // All topics at once, because to ask for one that is not there logs a warning.
    Map<String, List<PartitionInfo>> topics = from.listTopics();
    List<TopicPartition> wanted = new ArrayList<>();
    for (String topic : sources.keySet()) {
      List<PartitionInfo> partitions = topics.getOrDefault(topic, List.of());
      if (refused.contains(topic)) {
        continue;
      }
      if (partitions.isEmpty()) {
        problems.put(
            topic,
            "expected topic " + topic + " and the right to READ it, got none; not made yet?");
        continue;
      }
      problems.remove(topic);
      partitions.forEach(each -> wanted.add(new TopicPartition(topic, each.partition())));
    }
    if (!from.assignment().equals(new HashSet<>(wanted))) {
      assign(from, wanted);
    }
  }

  private void assign(Consumer<byte[], byte[]> from, List<TopicPartition> wanted) {
    // Before their ends are asked for: of a partition that is not assigned, the consumer warns.
    from.assign(wanted);
    List<TopicPartition> fresh =
        wanted.stream().filter(partition -> !positions.containsKey(partition)).toList();
    Map<TopicPartition, Long> ends = from.endOffsets(fresh);
    Map<TopicPartition, Long> begins = from.beginningOffsets(fresh);
    for (TopicPartition partition : fresh) {
      Source source = sources.get(partition.topic());
      long back = source == null ? 0 : source.back();
      long begin = begins.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, begin);
      long start = end - begin < back ? begin : end - back;
      positions.put(partition, start);
      if (source != null) {
        source.started().at(partition, start);
      }
    }
    wanted.forEach(partition -> from.seek(partition, positions.getOrDefault(partition, 0L)));
  }

  private void pause() {
    try {
      boolean closed = closing.await(BACKOFF_MS, TimeUnit.MILLISECONDS);
      LOG.trace("page: {}", closed ? "closing" : "looking again");
    } catch (InterruptedException e) {
      // Nobody but close ends this thread, and close does not interrupt.
      LOG.debug("page: interrupted while waiting", e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    Consumer<byte[], byte[]> current = consumer;
    if (current != null) {
      current.wakeup();
    }
    Threads.join(thread);
  }
}
