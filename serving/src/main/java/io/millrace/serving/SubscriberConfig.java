package io.millrace.serving;

import io.millrace.schemas.Topics;
import java.util.Map;
import java.util.Optional;

/**
 * What to follow.
 *
 * @param kafka consumer properties, {@code bootstrap.servers} at least; group, offsets, isolation
 *     and deserializers are the subscriber's own
 * @param topic the snapshot topic; it has one partition
 * @param model the model to follow; empty for that of the first whole snapshot
 * @param maxSnapshotBytes what the tensors of one snapshot may take at most
 */
public record SubscriberConfig(
    Map<String, Object> kafka, String topic, Optional<String> model, long maxSnapshotBytes) {
  /** 512 MiB: some 130 million parameters. */
  public static final long DEFAULT_MAX_SNAPSHOT_BYTES = 512L << 20;

  public SubscriberConfig {
    kafka = Map.copyOf(kafka);
    if (maxSnapshotBytes < 1) {
      throw new IllegalArgumentException(
          "maxSnapshotBytes: expected at least 1, got " + maxSnapshotBytes);
    }
  }

  /** The default topic of a cluster, whatever the model. */
  public static SubscriberConfig of(String bootstrapServers) {
    return new SubscriberConfig(
        Map.of("bootstrap.servers", bootstrapServers),
        Topics.SNAPSHOTS,
        Optional.empty(),
        DEFAULT_MAX_SNAPSHOT_BYTES);
  }
}
