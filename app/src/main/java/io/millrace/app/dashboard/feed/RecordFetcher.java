package io.millrace.app.dashboard.feed;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Single records by their offsets, one at a time. Small neighbours that come with one are kept for
 * a while, because whoever looks at one image looks at the next as well. Thread-safe.
 */
public final class RecordFetcher implements AutoCloseable {
  private static final int MAX_RECORDS = 64;
  private static final int FETCH_BYTES = 128 << 10;
  private static final int MAX_KEPT_RECORD_BYTES = 64 << 10;
  private static final long MAX_KEPT_BYTES = 8L << 20;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long WAIT_SECONDS = 5;

  private final Map<String, String> client;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Place, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true);
  private long keptBytes;
  private @Nullable Consumer<byte[], byte[]> consumer;

  private record Place(TopicPartition partition, long offset) {}

  /** Too many ask at the same time, or the cluster does not answer. */
  public static final class BusyException extends Exception {
    private static final long serialVersionUID = 1L;

    BusyException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * A fetcher that has not connected yet.
   *
   * @param client properties of any client of the cluster
   */
  public RecordFetcher(Map<String, String> client) {
    Map<String, String> small = new HashMap<>(client);
    small.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
    this.client = Map.copyOf(small);
  }

  /**
   * The value of a committed record.
   *
   * @return empty if there is none at this offset, or none any more, or it has no value
   * @throws BusyException if it cannot be had in time
   */
  public Optional<byte[]> value(String topic, int partition, long offset)
      throws BusyException, InterruptedException {
    Place place = new Place(new TopicPartition(topic, partition), offset);
    if (!lock.tryLock(WAIT_SECONDS, TimeUnit.SECONDS)) {
      throw new BusyException("too many records are asked for at the same time", null);
    }
    try {
      byte[] known = kept.get(place);
      return known != null ? Optional.of(known) : read(place);
    } catch (KafkaException e) {
      closeConsumer();
      throw new BusyException("the cluster does not answer: " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private Optional<byte[]> read(Place place) throws BusyException {
    Consumer<byte[], byte[]> from = consumer;
    if (from == null) {
      from = Readers.open(client, MAX_RECORDS);
      consumer = from;
    }
    // Of a partition that there is not, nothing would ever come.
    if (from.partitionsFor(place.partition().topic()).stream()
        .noneMatch(each -> each.partition() == place.partition().partition())) {
      return Optional.empty();
    }
    from.assign(List.of(place.partition()));
    from.seek(place.partition(), place.offset());
    long end = System.nanoTime() + TIMEOUT_NANOS;
    do {
      ConsumerRecords<byte[], byte[]> records = from.poll(POLL);
      records.forEach(this::keep);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        return record.offset() == place.offset()
            ? Optional.ofNullable(record.value())
            : Optional.empty();
      }
      // A position that moved without a record is behind what is no record: a transaction's mark.
      if (from.position(place.partition()) != place.offset()) {
        return Optional.empty();
      }
    } while (System.nanoTime() < end);
    throw new BusyException("the cluster did not hand out the record in time", null);
  }

  private void keep(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null || record.value().length > MAX_KEPT_RECORD_BYTES) {
      return;
    }
    Place place =
        new Place(new TopicPartition(record.topic(), record.partition()), record.offset());
    byte[] before = kept.put(place, record.value());
    keptBytes += record.value().length - (before == null ? 0 : before.length);
    Iterator<byte[]> eldest = kept.values().iterator();
    while (keptBytes > MAX_KEPT_BYTES && eldest.hasNext()) {
      keptBytes -= eldest.next().length;
      eldest.remove();
    }
  }

  private void closeConsumer() {
    if (consumer != null) {
      consumer.close();
      consumer = null;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closeConsumer();
    } finally {
      lock.unlock();
    }
  }
}
