package io.millrace.app.control;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlOutcome;
import io.millrace.app.produce.KafkaFaults;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.topology.config.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends commands and waits for what became of them. For one thread. */
public final class ControlClient implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  /** Where no broker answers, Kafka's clients would wait a minute. */
  private static final int MAX_BLOCK_MS = 10_000;

  private final AvroCodec<ControlCommand> commands = AvroCodec.of(ControlCommand.class);
  private final AvroCodec<ControlAcknowledgement> acknowledgements =
      AvroCodec.of(ControlAcknowledgement.class);
  private final TopicNames topics;
  private final Optional<Signer> signer;
  private final Map<String, Object> producerProperties;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /**
   * A client of a learner's topics.
   *
   * @param kafka properties of any client of the cluster
   * @param signer signs what is sent; empty to send unsigned
   */
  public ControlClient(Map<String, String> kafka, TopicNames topics, Optional<Signer> signer) {
    this.topics = topics;
    this.signer = signer;
    producerProperties = new HashMap<>(kafka);
    producerProperties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    Map<String, Object> properties = new HashMap<>(kafka);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, MAX_BLOCK_MS);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Sends a command, and waits for the first answer to it.
   *
   * @return empty if no learner answered in time
   * @throws org.apache.kafka.common.KafkaException if it cannot be sent
   */
  public Optional<ControlAcknowledgement> send(ControlCommand command, Duration timeout)
      throws InterruptedException {
    watchAcknowledgements();
    send(command);
    return await(command.getId(), timeout, ControlOutcome.UNKNOWN);
  }

  /**
   * Waits for what a command that waited for its step came to at last.
   *
   * @return empty if it did not come in time
   */
  public Optional<ControlAcknowledgement> awaitLast(String commandId, Duration timeout) {
    return await(commandId, timeout, ControlOutcome.WAITING);
  }

  /** Sends a command and waits until the cluster has it. */
  public void send(ControlCommand command) throws InterruptedException {
    byte[] value = commands.encode(command);
    byte[] key = command.getModel().getBytes(StandardCharsets.UTF_8);
    var record = new ProducerRecord<>(topics.control(), key, value);
    signer.ifPresent(by -> {
      byte[] keyId = by.keyId().getBytes(StandardCharsets.UTF_8);
      record.headers().add(RecordSignatures.KEY_ID_HEADER, keyId);
      record.headers().add(RecordSignatures.SIGNATURE_HEADER, by.sign(value));
    });
    try (var producer =
        new KafkaProducer<>(
            producerProperties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private void watchAcknowledgements() {
    List<PartitionInfo> partitions = partitions();
    if (partitions == null || partitions.isEmpty()) {
      throw new IllegalArgumentException(
          "topic "
              + topics.acknowledgements()
              + ": expected it on the cluster, got none; start the learner first, or create it");
    }
    List<TopicPartition> all =
        partitions.stream()
            .map(each -> new TopicPartition(each.topic(), each.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    // The position is taken when it is asked for, not when the seek is.
    all.forEach(consumer::position);
  }

  private @Nullable List<PartitionInfo> partitions() {
    try {
      return consumer.partitionsFor(topics.acknowledgements());
    } catch (TimeoutException e) {
      throw KafkaFaults.noAnswer(
          String.valueOf(producerProperties.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG)), e);
    }
  }

  private Optional<ControlAcknowledgement> await(
      String commandId, Duration timeout, ControlOutcome passing) {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Optional<ControlAcknowledgement> answer =
            decode(record)
                .filter(each -> each.getCommandId().equals(commandId))
                .filter(each -> each.getOutcome() != passing);
        if (answer.isPresent()) {
          return answer;
        }
      }
    }
    return Optional.empty();
  }

  /** What is no acknowledgement is somebody else's. */
  private Optional<ControlAcknowledgement> decode(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(acknowledgements.decode(record.value()));
    } catch (InvalidRecordException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
