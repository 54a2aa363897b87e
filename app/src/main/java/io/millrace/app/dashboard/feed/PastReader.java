package io.millrace.app.dashboard.feed;

import io.millrace.app.process.Threads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads once what a topic held before it was followed, on a thread of its own and block by block
 * from the newest to the oldest, so that the recent past is there first.
 */
public final class PastReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PastReader.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long BACKOFF_MS = 5_000;
  private static final int BLOCK = 20_000;
  private static final int MAX_RECORDS = 500;

  private final Map<String, String> client;
  private final TopicPartition partition;
  private final long end;
  private final Limits limits;
  private final java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private long unread;

  /** How far to go back: so long, and at most so many offsets. */
  public record Limits(Duration age, long offsets) {}

  private PastReader(
      Map<String, String> client,
      TopicPartition partition,
      long end,
      Limits limits,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    this.client = client;
    this.partition = partition;
    this.end = end;
    this.limits = limits;
    this.sink = sink;
    unread = end;
    thread = Thread.ofPlatform().daemon().name("millrace-page-past").unstarted(this::run);
  }

  /**
   * Begins to read; returns at once.
   *
   * @param end the offset before which to begin
   * @param sink takes each record, on the reader's thread; blocks come in reverse order
   */
  public static PastReader start(
      Map<String, String> client,
      TopicPartition partition,
      long end,
      Limits limits,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    PastReader reader = new PastReader(client, partition, end, limits, sink);
    reader.thread.start();
    return reader;
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void run() {
    boolean done = false;
    while (!done && !closed()) {
      try (Consumer<byte[], byte[]> consumer = Readers.open(client, MAX_RECORDS)) {
        consumer.assign(List.of(partition));
        long first = first(consumer);
        while (unread > first && !closed()) {
          long from = Math.max(first, unread - BLOCK);
          read(consumer, from, unread);
          unread = from;
        }
        done = true;
        LOG.debug("page: {}: read back to offset {}", partition, first);
      } catch (KafkaException e) {
        LOG.debug("page: {}: past not read yet", partition, e);
        pause();
      }
    }
  }

  private long first(Consumer<byte[], byte[]> consumer) {
    long since = System.currentTimeMillis() - limits.age().toMillis();
    OffsetAndTimestamp young = consumer.offsetsForTimes(Map.of(partition, since)).get(partition);
    long begin = consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L);
    // Without a record that is young enough there is nothing to read.
    long youngest = young == null ? end : young.offset();
    return Math.max(Math.max(begin, youngest), end - limits.offsets());
  }

  private void read(Consumer<byte[], byte[]> consumer, long from, long to) {
    consumer.seek(partition, from);
    while (consumer.position(partition) < to && !closed()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() < to) {
          take(record);
        }
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      sink.accept(record);
    } catch (RuntimeException e) {
      LOG.debug("page: {}@{}: passed over", partition, record.offset(), e);
    }
  }

  private void pause() {
    try {
      boolean closed = closing.await(BACKOFF_MS, TimeUnit.MILLISECONDS);
      LOG.trace("page: {}", closed ? "closing" : "trying again");
    } catch (InterruptedException e) {
      LOG.debug("page: interrupted while waiting", e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    Threads.join(thread);
  }
}
