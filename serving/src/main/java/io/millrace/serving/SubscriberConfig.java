package io.millrace.serving;

import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.schemas.Topics;
import java.util.Map;
import java.util.Optional;

/**
 * What to follow.
 *
 * @param kafka consumer properties, {@code bootstrap.servers} at least; group, offsets, isolation
 *     and deserializers are the subscriber's own
 * @param topic the snapshot topic; it has one partition
 * @param model the model to follow; empty for that of the first whole snapshot, which is possible
 *     with the newest version only
 * @param maxSnapshotBytes what the tensors of one snapshot may take at most
 * @param selection which of the model's versions
 * @param aliasesTopic the topic of aliases; read for {@link ModelSelection.Alias} alone
 * @param trustedKeys whose manifests and aliases count; none for anybody's
 * @param meters counts what is loaded and what is rejected
 */
public record SubscriberConfig(
    Map<String, Object> kafka,
    String topic,
    Optional<String> model,
    long maxSnapshotBytes,
    ModelSelection selection,
    String aliasesTopic,
    TrustedKeys trustedKeys,
    ServingMeters meters) {
  /** 512 MiB: some 130 million parameters. */
  public static final long DEFAULT_MAX_SNAPSHOT_BYTES = 512L << 20;

  public SubscriberConfig {
    kafka = Map.copyOf(kafka);
    if (maxSnapshotBytes < 1) {
      throw new IllegalArgumentException(
          "maxSnapshotBytes: expected at least 1, got " + maxSnapshotBytes);
    }
    if (model.isEmpty() && !(selection instanceof ModelSelection.Newest)) {
      throw new IllegalArgumentException(
          selection + ": expected the name of a model to go with it, got none; set model");
    }
  }

  /** The newest version, whoever signed it or not. */
  public SubscriberConfig(
      Map<String, Object> kafka, String topic, Optional<String> model, long maxSnapshotBytes) {
    this(
        kafka,
        topic,
        model,
        maxSnapshotBytes,
        new ModelSelection.Newest(),
        Topics.ALIASES,
        TrustedKeys.none(),
        ServingMeters.none());
  }

  /** The default topic of a cluster, whatever the model. */
  public static SubscriberConfig of(String bootstrapServers) {
    return new SubscriberConfig(
        Map.of("bootstrap.servers", bootstrapServers),
        Topics.SNAPSHOTS,
        Optional.empty(),
        DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  /** The same for a version or an alias of a model. */
  public SubscriberConfig withSelection(String ofModel, ModelSelection other) {
    return new SubscriberConfig(
        kafka,
        topic,
        Optional.of(ofModel),
        maxSnapshotBytes,
        other,
        aliasesTopic,
        trustedKeys,
        meters);
  }

  /** The same with another topic of aliases. */
  public SubscriberConfig withAliasesTopic(String other) {
    return new SubscriberConfig(
        kafka, topic, model, maxSnapshotBytes, selection, other, trustedKeys, meters);
  }

  /** The same for signed snapshots and aliases only. */
  public SubscriberConfig withTrustedKeys(TrustedKeys others) {
    return new SubscriberConfig(
        kafka, topic, model, maxSnapshotBytes, selection, aliasesTopic, others, meters);
  }

  /** The same with meters. */
  public SubscriberConfig withMeters(ServingMeters others) {
    return new SubscriberConfig(
        kafka, topic, model, maxSnapshotBytes, selection, aliasesTopic, trustedKeys, others);
  }
}
