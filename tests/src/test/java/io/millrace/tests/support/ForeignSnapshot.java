package io.millrace.tests.support;

import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A snapshot that no learner made, with weights that no learner would: all alike. */
public final class ForeignSnapshot {

  private static final float WEIGHT = 0.125f;

  private final SnapshotManifest manifest;
  private final List<ProducerRecord<byte[], byte[]>> records;

  private ForeignSnapshot(SnapshotManifest manifest, List<ProducerRecord<byte[], byte[]>> records) {
    this.manifest = manifest;
    this.records = records;
  }

  /** As {@code like} says, but for version and weights; it passes every check of a subscriber. */
  public static ForeignSnapshot of(SnapshotManifest like, long version) {
    SnapshotManifest manifest = SnapshotRecords.open(SnapshotRecords.seal(like));
    manifest.setVersion(version);
    manifest.setParentVersion(version - 1);
    List<NamedTensor> tensors = new ArrayList<>();
    for (TensorInfo info : like.getTensors()) {
      float[] values = new float[info.getSizeBytes() / Float.BYTES];
      Arrays.fill(values, WEIGHT);
      tensors.add(new NamedTensor(info.getName(), info.getKind(), info.getShape(), values));
    }
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    SnapshotRecords.write(
        manifest,
        tensors,
        (key, value) ->
            records.add(new ProducerRecord<>("", 0, key.getBytes(StandardCharsets.UTF_8), value)));
    return new ForeignSnapshot(manifest, records);
  }

  /** The same without one of the records that its manifest names. */
  public ForeignSnapshot withoutItsFirstChunk() {
    return new ForeignSnapshot(manifest, records.subList(1, records.size()));
  }

  /** Sends it in one transaction; returns the SHA-256 of its weights. */
  public String commit(String bootstrapServers, String topic) {
    return send(bootstrapServers, topic, true);
  }

  /** Sends it in one transaction that is aborted in the end; returns the SHA-256 of its weights. */
  public String abort(String bootstrapServers, String topic) {
    return send(bootstrapServers, topic, false);
  }

  private String send(String bootstrapServers, String topic, boolean commit) {
    try (Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "foreign-" + topic),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : records) {
        // Without the flush below, an abort would drop what was not sent yet.
        var _ = producer.send(new ProducerRecord<>(topic, 0, record.key(), record.value()));
      }
      producer.flush();
      if (commit) {
        producer.commitTransaction();
      } else {
        producer.abortTransaction();
      }
    }
    return manifest.getSha256();
  }
}
