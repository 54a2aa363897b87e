package io.millrace.app.produce;

import io.millrace.app.access.Refusals;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.SourceImage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends labelled images to a topic, or the images alone, or their labels; a record each, with the
 * image's id as the key. The producer is idempotent: a retry neither doubles nor reorders within a
 * partition.
 *
 * <p>Files do not say when an image was taken, so the time of sending stands in: it is the record's
 * timestamp and the image's event time.
 *
 * <p>One object sends once. {@link #stop} may be called by any thread.
 */
public final class ImageProducer implements AutoCloseable {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
  private static final long PROGRESS_NANOS = 1_000_000_000L;

  private final Map<String, String> kafka;
  private final String topic;
  private final String servers;
  private final double ratePerSecond;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ImageRecords.Content content;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong acknowledgedBytes = new AtomicLong();

  /**
   * Where sending starts: at a position, minus what the topic has already.
   *
   * @param position first position of the order to send
   * @param present for each partition, how many of its records from {@code position} on are there
   *     already and are left out; empty for none
   */
  public record Start(long position, long[] present) {
    /** At the beginning of the order. */
    public static final Start FIRST = at(0);

    public static Start at(long position) {
      return new Start(position, new long[0]);
    }

    /**
     * Behind what is in a topic that holds nothing but an earlier run's records from position 0 of
     * the same source and order. Exact also when that run was killed while the partitions were
     * unevenly filled, since each partition holds a whole prefix of its records.
     *
     * @param endOffsets of the topic's partitions, from {@link TopicSetup#endOffsets}
     */
    public static Start behind(long[] endOffsets) {
      return new Start(0, endOffsets.clone());
    }
  }

  /**
   * Prepares a producer.
   *
   * @param kafka Kafka producer settings, {@code bootstrap.servers} at least; they go before the
   *     defaults of this class
   * @param ratePerSecond records a second; 0 is as fast as possible
   */
  public ImageProducer(Map<String, String> kafka, String topic, double ratePerSecond) {
    this(kafka, topic, ratePerSecond, ImageRecords.Content.LABELED_IMAGES);
  }

  /** The same of what is to be sent of each image. */
  public ImageProducer(
      Map<String, String> kafka, String topic, double ratePerSecond, ImageRecords.Content content) {
    this.content = content;
    if (!(ratePerSecond >= 0) || Double.isInfinite(ratePerSecond)) {
      throw new ProduceException(
          "rate: expected 0 (as fast as possible) or more records a second, got " + ratePerSecond);
    }
    this.kafka = Map.copyOf(kafka);
    this.topic = topic;
    this.ratePerSecond = ratePerSecond;
    this.servers = kafka.getOrDefault("bootstrap.servers", "");
    Map<String, Object> settings = new HashMap<>();
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    settings.put("batch.size", "262144");
    settings.put("buffer.memory", "67108864");
    settings.put("compression.type", "lz4");
    settings.put("max.block.ms", "30000");
    settings.putAll(kafka);
    try {
      producer =
          new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    } catch (KafkaException e) {
      throw KafkaFaults.settings(servers, e);
    }
  }

  /**
   * Sends until the order ends or {@link #stop} is called, and returns once everything is
   * acknowledged; after a stop, what is not within 5 s is given up.
   *
   * @param progress called by this thread about once a second and at the end
   * @return the state at the end
   * @throws ProduceException if the topic is not there or a record cannot be delivered
   * @throws io.millrace.app.data.DataException if an image cannot be read
   */
  public Progress send(
      ImageSource source, ImageOrder order, Start start, Consumer<Progress> progress) {
    long began = System.nanoTime();
    try {
      checkTopic();
      long position = run(source, order, start, began, progress);
      if (stop.getCount() > 0) {
        producer.flush();
      }
      producer.close(stop.getCount() > 0 ? Duration.ofMinutes(2) : STOP_WITHIN);
      checkFailure();
      Progress end = state(position, order, began);
      progress.accept(end);
      return end;
    } catch (KafkaException | IllegalStateException e) {
      if (stop.getCount() == 0) { // stop() closed the producer under a call
        return state(start.position(), order, began);
      }
      throw fault(e);
    }
  }

  /** Waits before sending begins; a stop ends the wait. */
  public void waitFirst(Duration delay) {
    var _ = Pace.await(delay.toNanos(), stop);
  }

  /** Without this, the producer would wait long for a topic that nobody made. */
  private void checkTopic() {
    try (TopicSetup topics = TopicSetup.connect(kafka)) {
      topics.partitions(topic);
    }
  }

  private long run(
      ImageSource source, ImageOrder order, Start start, long began, Consumer<Progress> progress) {
    int partitions = producer.partitionsFor(topic).size();
    long[] skip = skips(start, partitions);
    Pace pace = new Pace(ratePerSecond, began);
    long reported = began;
    long position = start.position();
    for (; position < order.length(); position++) {
      int index = order.at(position);
      byte[] key = source.id(index).getBytes(StandardCharsets.UTF_8);
      int partition = partition(key, partitions);
      if (skip[partition] > 0) {
        skip[partition]--;
        continue;
      }
      if (Pace.await(pace.nextDelay(System.nanoTime()), stop) || failure.get() != null) {
        break;
      }
      if (!sendOne(source.image(index), key, partition)) {
        break;
      }
      long now = System.nanoTime();
      if (now - reported >= PROGRESS_NANOS) {
        reported = now;
        progress.accept(state(position + 1, order, began));
      }
    }
    return position;
  }

  private long[] skips(Start start, int partitions) {
    if (start.present().length == 0) {
      return new long[partitions];
    }
    if (start.present().length != partitions) {
      throw new ProduceException(
          "topic %s: expected %d partition(s) as when its ends were looked up, got %d; start again"
              .formatted(topic, start.present().length, partitions));
    }
    return start.present().clone();
  }

  /** Kafka's default for keys, spelt out because {@link Start#behind} depends on it. */
  static int partition(byte[] key, int partitions) {
    return Utils.toPositive(Utils.murmur2(key)) % partitions;
  }

  /** Returns false if the producer was stopped meanwhile. */
  private boolean sendOne(SourceImage image, byte[] key, int partition) {
    long now = System.currentTimeMillis();
    byte[] value = content.encode(image, now);
    try {
      var _ =
          producer.send(
              new ProducerRecord<>(topic, partition, now, key, value),
              (metadata, fault) -> {
                if (fault == null) {
                  acknowledged.incrementAndGet();
                  acknowledgedBytes.addAndGet(value.length);
                } else {
                  failure.compareAndSet(null, describe(image.id(), value.length, fault));
                }
              });
      return true;
    } catch (KafkaException | IllegalStateException e) {
      if (stop.getCount() == 0) { // stop() closed the producer under this call
        return false;
      }
      throw e;
    }
  }

  private Progress state(long position, ImageOrder order, long began) {
    return new Progress(
        position,
        order.length(),
        acknowledged.get(),
        acknowledgedBytes.get(),
        System.nanoTime() - began);
  }

  private void checkFailure() {
    Exception fault = failure.get();
    if (fault instanceof ProduceException known) {
      throw known;
    }
    if (fault instanceof KafkaException kafka && stop.getCount() > 0) {
      throw fault(kafka);
    }
  }

  private Exception describe(String id, int bytes, Exception fault) {
    if (fault instanceof RecordTooLargeException) {
      return new ProduceException(
          "image %s: expected a record that topic %s takes, got %d bytes: %s; scale images down (--size), or raise the topic's max.message.bytes and --kafka max.request.size"
              .formatted(id, topic, bytes, fault.getMessage()),
          fault);
    }
    return fault;
  }

  private ProduceException fault(RuntimeException cause) {
    if (cause instanceof TimeoutException) {
      return KafkaFaults.noAnswer(servers, cause);
    }
    if (cause instanceof TopicAuthorizationException) {
      return new ProduceException(Refusals.topic(topic, AclOperation.WRITE), cause);
    }
    Optional<String> refusal = Refusals.explain(cause);
    if (refusal.isPresent()) {
      return new ProduceException(refusal.get(), cause);
    }
    return new ProduceException(
        "topic " + topic + ": expected records to be taken, got " + cause.getMessage(), cause);
  }

  /** Ends {@link #send} soon; what is already handed over is still delivered, for up to 5 s. */
  public void stop() {
    stop.countDown();
    // Also wakes a send that waits for room or for a broker.
    producer.close(STOP_WITHIN);
  }

  /** The same as {@link #stop}; after the end of {@link #send} it does nothing. */
  @Override
  public void close() {
    stop();
  }
}
