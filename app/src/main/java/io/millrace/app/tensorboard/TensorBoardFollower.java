package io.millrace.app.tensorboard;

import io.millrace.LayerStatistics;
import io.millrace.TrainingMetrics;
import io.millrace.app.process.Threads;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topics of metrics and layers of one model, committed records only, and writes what
 * comes to an event file. It is no part of the learner: it may run anywhere, and a learner goes on
 * without it.
 */
public final class TensorBoardFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  /** Where to begin. */
  public enum From {
    /** With what the topics still hold. */
    BEGINNING,
    /** With what comes from now on. */
    END
  }

  private final AvroCodec<TrainingMetrics> metricsCodec = AvroCodec.of(TrainingMetrics.class);
  private final AvroCodec<LayerStatistics> layersCodec = AvroCodec.of(LayerStatistics.class);
  private final String model;
  private final TopicNames topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final EventFile file;
  private final TrainingEvents events;
  private final Thread thread;
  private volatile boolean closing;
  private volatile boolean caughtUp;
  private volatile @Nullable Exception failure;

  private TensorBoardFollower(
      Map<String, String> client, String model, TopicNames topics, Path folder, From from)
      throws IOException {
    this.model = model;
    this.topics = topics;
    Map<String, Object> properties = new HashMap<>(client);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    partitions =
        List.of(new TopicPartition(topics.metrics(), 0), new TopicPartition(topics.layers(), 0));
    try {
      consumer.assign(partitions);
      if (from == From.BEGINNING) {
        consumer.seekToBeginning(partitions);
      } else {
        consumer.endOffsets(partitions).forEach(consumer::seek);
      }
      file = EventFile.create(folder);
    } catch (IOException | RuntimeException e) {
      consumer.close();
      throw e;
    }
    events = new TrainingEvents(file);
    thread = Thread.ofPlatform().daemon().name("millrace-tensorboard").start(this::follow);
  }

  /**
   * Starts to follow.
   *
   * @param client how to reach the cluster
   * @param folder where the event file is made
   * @throws IOException if the file cannot be made
   * @throws org.apache.kafka.common.KafkaException if the topics cannot be read
   */
  public static TensorBoardFollower start(
      Map<String, String> client, String model, TopicNames topics, Path folder, From from)
      throws IOException {
    return new TensorBoardFollower(client, model, topics, folder, from);
  }

  /** The file that is written. */
  public Path file() {
    return file.path();
  }

  /** Whether all that the topics held at some moment since the start is written. */
  public boolean caughtUp() {
    return caughtUp;
  }

  /** What ended the following, if something did. */
  public Optional<Exception> failure() {
    return Optional.ofNullable(failure);
  }

  private void follow() {
    try (consumer;
        file) {
      while (!closing) {
        take(consumer.poll(POLL));
        caughtUp = caughtUp || atEnd(consumer.endOffsets(partitions));
      }
      finish();
    } catch (IOException | RuntimeException e) {
      failure = e;
      LOG.atWarn()
          .addKeyValue("file", file.path())
          .addKeyValue("reason", e)
          .log("tensorboard ends");
    }
  }

  /** Takes what was committed before it was told to end. */
  private void finish() throws IOException {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long deadlineNanos = System.nanoTime() + LONGEST_END.toNanos();
    while (!atEnd(ends) && System.nanoTime() < deadlineNanos) {
      take(consumer.poll(POLL));
    }
  }

  private boolean atEnd(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void take(ConsumerRecords<byte[], byte[]> records) throws IOException {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      try {
        take(record);
      } catch (InvalidRecordException e) {
        LOG.warn(
            "{}-{}@{}: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
      }
    }
    if (!records.isEmpty()) {
      file.flush();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws IOException {
    if (record.topic().equals(topics.metrics())) {
      TrainingMetrics metrics = metricsCodec.decode(record.value());
      if (metrics.getModel().equals(model)) {
        events.add(metrics);
      }
    } else {
      LayerStatistics layers = layersCodec.decode(record.value());
      if (layers.getModel().equals(model)) {
        events.add(layers);
      }
    }
  }

  @Override
  public void close() {
    closing = true;
    Threads.join(thread);
  }
}
