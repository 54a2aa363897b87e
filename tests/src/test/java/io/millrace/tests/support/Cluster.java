package io.millrace.tests.support;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.topology.config.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One broker for a test class, with fresh topics for each run of a learner. */
public final class Cluster implements AutoCloseable {

  /** What a topic of images must take so that a 5 MB record reaches the learner at all. */
  private static final int MAX_RECORD_BYTES = 8 << 20;

  private final Optional<EmbeddedBroker> broker;
  private final String bootstrapServers;
  private final Path folder;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicInteger runs = new AtomicInteger();

  private Cluster(Optional<EmbeddedBroker> broker, String bootstrapServers, Path folder) {
    this.broker = broker;
    this.bootstrapServers = bootstrapServers;
    this.folder = folder;
    this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    this.producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "max.request.size", MAX_RECORD_BYTES,
                "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Starts a broker in a folder, which also takes the learners' state. */
  public static Cluster embedded(Path folder) {
    EmbeddedBroker broker =
        EmbeddedBroker.start(
            new EmbeddedBroker.Options(
                folder.resolve("broker"), 0, Map.of("group.min.session.timeout.ms", "1000")));
    return new Cluster(Optional.of(broker), broker.bootstrapServers(), folder);
  }

  /** Joins a broker that runs elsewhere. */
  public static Cluster of(String bootstrapServers, Path folder) {
    return new Cluster(Optional.empty(), bootstrapServers, folder);
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** The folder for one learner's state, which outlives the learner. */
  public Path stateFolder(String run) {
    return folder.resolve("state-" + run);
  }

  /** A name that no other run in this cluster has. */
  public String newRun(String kind) {
    return kind + "-" + runs.incrementAndGet();
  }

  /** Makes a topic for images. */
  public String createImages(String run) {
    String topic = run + ".images";
    create(topic, Map.of("max.message.bytes", Integer.toString(MAX_RECORD_BYTES)));
    return topic;
  }

  /** Makes the topics that a learner writes, beside the images that it reads. */
  public TopicNames createOutputs(String run, String images) {
    TopicNames topics = topics(run, images);
    create(topics.metrics(), Map.of());
    create(topics.layers(), Map.of());
    create(topics.journal(), Map.of());
    create(topics.snapshots(), Map.of("cleanup.policy", "compact"));
    create(topics.control(), Map.of());
    create(topics.acknowledgements(), Map.of());
    create(topics.aliases(), Map.of("cleanup.policy", "compact"));
    create(
        topics.deadLetters(), Map.of("max.message.bytes", Integer.toString(2 * MAX_RECORD_BYTES)));
    return topics;
  }

  /** The topics of a run over some images. */
  public static TopicNames topics(String run, String images) {
    return new TopicNames(
        images,
        run + ".metrics",
        run + ".layers",
        run + ".snapshots",
        run + ".dead-letters",
        run + ".journal",
        run + ".control",
        run + ".acknowledgements",
        run + ".aliases");
  }

  /** Makes a topic of one partition. */
  public void createTopic(String topic) {
    create(topic, Map.of());
  }

  /** One partition, in as many copies as the brokers keep by default. */
  private void create(String topic, Map<String, String> settings) {
    NewTopic description = new NewTopic(topic, Optional.of(1), Optional.empty());
    get(admin.createTopics(List.of(description.configs(settings))).all());
  }

  /** Removes topics that no run needs any more. */
  public void delete(List<String> topics) {
    get(admin.deleteTopics(topics).all());
  }

  /** Sends records in order and returns when the broker has all of them. */
  public void send(List<ProducerRecord<byte[], byte[]>> records) {
    var acknowledged = records.stream().map(producer::send).toList();
    acknowledged.forEach(Cluster::get);
  }

  /** Deletes the records of a topic before an offset, as retention would. */
  public void deleteBefore(String topic, long offset) {
    TopicPartition partition = new TopicPartition(topic, 0);
    get(admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(offset))).all());
  }

  /** Every committed record of a topic's one partition, from its start to its present end. */
  public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    scan(topic, records::add);
    return records;
  }

  /** Hands out what {@link #read} would return, one by one, for topics that fill the memory. */
  public void scan(String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
    try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      long end = end(topic);
      AtomicLong position = new AtomicLong(consumer.position(partition));
      Eventually.await(
          topic + " to offset " + end,
          () -> {
            consumer.poll(Duration.ofMillis(100)).forEach(sink);
            position.set(consumer.position(partition));
            return position.get() >= end ? Optional.of(position) : Optional.empty();
          },
          () -> "offset " + position);
    }
  }

  /**
   * Follows a topic from its start until a committed record is the one that is waited for.
   *
   * @param health throws when there is nothing to wait for any more; asked again and again
   */
  public ConsumerRecord<byte[], byte[]> await(
      String topic,
      String what,
      Predicate<ConsumerRecord<byte[], byte[]>> wanted,
      Runnable health) {
    try (Consumer<byte[], byte[]> consumer = consumer(topic)) {
      AtomicLong count = new AtomicLong();
      return Eventually.await(
          topic + ": " + what,
          () -> {
            health.run();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
              count.incrementAndGet();
              if (wanted.test(record)) {
                return Optional.of(record);
              }
            }
            return Optional.empty();
          },
          () -> count + " other records");
    }
  }

  /** Waits until an application has committed that it is done with all before {@code offset}. */
  public void awaitCommitted(String applicationId, String topic, long offset, Runnable health) {
    AtomicLong seen = new AtomicLong(-1);
    Eventually.await(
        applicationId + ": offset " + offset + " of " + topic + " committed",
        () -> {
          health.run();
          seen.set(committed(applicationId, topic));
          return seen.get() >= offset ? Optional.of(true) : Optional.empty();
        },
        () -> "offset " + seen);
  }

  /** The offset that an application would go on from; 0 before its first commit. */
  public long committed(String applicationId, String topic) {
    Map<TopicPartition, OffsetAndMetadata> offsets =
        get(admin.listConsumerGroupOffsets(applicationId).partitionsToOffsetAndMetadata());
    OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, 0));
    return offset == null ? 0 : offset.offset();
  }

  /** The offset after the last record that can be read as committed. */
  public long end(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    var ends =
        admin.listOffsets(
            Map.of(partition, OffsetSpec.latest()),
            new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
    return get(ends.partitionResult(partition)).offset();
  }

  /** A consumer at the start of a topic's one partition that sees what is committed. */
  public Consumer<byte[], byte[]> consumer(String topic) {
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    TopicPartition partition = new TopicPartition(topic, 0);
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    return consumer;
  }

  private static <T> T get(java.util.concurrent.Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker refused", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the broker", e);
    }
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    broker.ifPresent(EmbeddedBroker::close);
  }
}
