package io.millrace.serving;

import io.millrace.SnapshotManifest;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.schemas.SnapshotKey;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.AssemblyResult.Pending;
import io.millrace.serving.AssemblyResult.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the snapshot topic. All but {@link #wakeup} is for one thread. */
final class SnapshotTopic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTopic.class);

  private final SubscriberConfig config;
  private final Optional<String> model;
  private final Events events;
  private final PartitionReader following;
  private final PartitionReader probing;

  /**
   * Makes the consumers; does not connect yet.
   *
   * @param model the model to follow; empty for that of the first whole snapshot
   */
  SnapshotTopic(
      SubscriberConfig config, Optional<String> model, Events events, CountDownLatch closing) {
    this.config = config;
    this.model = model;
    this.events = events;
    following = PartitionReader.following(config.kafka(), config.topic(), closing);
    probing = PartitionReader.probing(config.kafka(), config.topic(), closing);
  }

  /** Waits until the topic is there; false if closed before. */
  boolean await() throws InterruptedException {
    if (!probing.awaitTopic()) {
      return false;
    }
    following.assign();
    return true;
  }

  /** For long stretches and what is yet to come. */
  PartitionReader following() {
    return following;
  }

  /** For a look here and there. */
  PartitionReader probing() {
    return probing;
  }

  SnapshotAssembler newAssembler() {
    return new SnapshotAssembler(model, config.maxSnapshotBytes(), config.trustedKeys());
  }

  Optional<String> model() {
    return model;
  }

  long maxSnapshotBytes() {
    return config.maxSnapshotBytes();
  }

  long receivedBytes() {
    return following.receivedBytes() + probing.receivedBytes();
  }

  /** The key of a record of the model; empty for any other. */
  Optional<SnapshotKey> key(ConsumerRecord<byte[], byte[]> record) {
    byte[] key = record.key();
    return key == null
        ? Optional.empty()
        : SnapshotKey.parse(new String(key, StandardCharsets.UTF_8))
            .filter(parsed -> model.isEmpty() || model.get().equals(parsed.model()));
  }

  /** The manifest in a record, or empty if the record is refused for what it is by itself. */
  static Optional<SnapshotManifest> manifest(
      SnapshotAssembler assembler, ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.of(assembler.open(record.value(), SignatureHeaders.of(record.headers())));
    } catch (InvalidRecordException | RejectedSnapshotException e) {
      // The assembler says so with all that belongs to it when the record is put before it.
      LOG.debug("{} offset {}: {}", record.topic(), record.offset(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Puts one record before the assembler, and tells what is refused. */
  Optional<Snapshot> accept(SnapshotAssembler assembler, ConsumerRecord<byte[], byte[]> record) {
    return switch (assembler.accept(
        record.key(), record.value(), SignatureHeaders.of(record.headers()))) {
      case Pending _ -> Optional.empty();
      case Assembled assembled -> Optional.of(assembled.snapshot());
      case Rejected rejected -> {
        events.rejected(rejected, config.topic(), record.offset());
        yield Optional.empty();
      }
    };
  }

  /** Makes a call under way end; for any thread. */
  void wakeup() {
    following.wakeup();
    probing.wakeup();
  }

  @Override
  public void close() {
    try {
      following.close();
    } finally {
      probing.close();
    }
  }
}
