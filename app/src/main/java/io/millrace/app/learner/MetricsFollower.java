package io.millrace.app.learner;

import io.millrace.TrainingMetrics;
import io.millrace.app.process.Threads;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the metrics topic, committed records only, from its newest record on. */
public final class MetricsFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(MetricsFollower.class);

  private final AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Consumer<TrainingMetrics> listener;
  private final Thread thread;
  private volatile boolean closed;
  private volatile @Nullable TrainingMetrics newest;
  private volatile @Nullable RuntimeException failure;

  private MetricsFollower(
      Map<String, String> clientProperties, String topic, Consumer<TrainingMetrics> listener) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.listener = listener;
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    // A few records back, because the newest offset of a transaction is its marker.
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    consumer.seek(partition, Math.max(0, end - 10));
    this.thread = Thread.ofPlatform().daemon().name("millrace-metrics").start(this::follow);
  }

  /**
   * Starts to follow.
   *
   * @param listener called on the follower's own thread with each record
   */
  public static MetricsFollower start(
      Map<String, String> clientProperties, String topic, Consumer<TrainingMetrics> listener) {
    return new MetricsFollower(clientProperties, topic, listener);
  }

  /** The newest record, once there is one. */
  public Optional<TrainingMetrics> newest() {
    return Optional.ofNullable(newest);
  }

  /** What ended the following, if something did. */
  public Optional<RuntimeException> failure() {
    return Optional.ofNullable(failure);
  }

  private void follow() {
    try (consumer) {
      while (!closed) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          take(record);
        }
      }
    } catch (WakeupException e) {
      LOG.debug("metrics follower: woken to close");
    } catch (RuntimeException e) {
      failure = e;
      LOG.debug("metrics follower: stops", e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      TrainingMetrics metrics = codec.decode(record.value());
      newest = metrics;
      listener.accept(metrics);
    } catch (InvalidRecordException e) {
      LOG.warn("{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    Threads.join(thread);
  }
}
