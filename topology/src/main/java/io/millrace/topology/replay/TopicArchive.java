package io.millrace.topology.replay;

import io.millrace.schemas.SnapshotKey;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.SnapshotArchive;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Looks a version up on the snapshot topic, among the committed records. */
public final class TopicArchive implements SnapshotArchive {

  private final Map<String, String> client;
  private final LearnerConfig config;

  /**
   * An archive; connects only when a version is asked for.
   *
   * @param client properties of a Kafka client: address and security
   */
  public TopicArchive(Map<String, String> client, LearnerConfig config) {
    this.client = Map.copyOf(client);
    this.config = config;
  }

  @Override
  public Optional<Snapshot> find(long version) {
    AtomicReference<Snapshot> found = new AtomicReference<>();
    SnapshotAssembler assembler =
        new SnapshotAssembler(
            Optional.of(config.model()), SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    try (TopicReader reader = new TopicReader(client, config.topics().snapshots())) {
      reader.read(
          reader.first(),
          record -> {
            boolean asked = record.key() != null && isOf(version, record.key());
            if (asked && record.value() == null) {
              found.set(null);
            } else if (asked
                && assembler.accept(record.key(), record.value())
                    instanceof AssemblyResult.Assembled assembled) {
              found.set(assembled.snapshot());
            }
            return true;
          });
    }
    return Optional.ofNullable(found.get());
  }

  private boolean isOf(long version, byte[] key) {
    return SnapshotKey.parse(new String(key, StandardCharsets.UTF_8))
        .filter(parsed -> parsed.model().equals(config.model()) && parsed.version() == version)
        .isPresent();
  }
}
