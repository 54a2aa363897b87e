package io.millrace.topology.replay;

import io.millrace.SnapshotManifest;
import io.millrace.schemas.RecordSignatures;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The manifests of a model as they stand on the snapshot topic now; none is judged yet. */
public final class PublishedVersions {

  /**
   * One manifest.
   *
   * @param offset where it stands on the topic
   * @param value its bytes, signed as they are
   * @param keyId the header that names the key of the signature; null for none
   * @param signature the header with the signature; null for none
   */
  public record Published(
      long version,
      long offset,
      byte[] value,
      byte @Nullable [] keyId,
      byte @Nullable [] signature) {

    /**
     * The manifest itself.
     *
     * @throws io.millrace.schemas.InvalidRecordException if it is none, or not as it was sealed
     */
    public SnapshotManifest open() {
      return SnapshotRecords.open(value);
    }
  }

  private final SortedMap<Long, Published> versions = new TreeMap<>();
  private final SortedSet<String> models = new TreeSet<>();

  private PublishedVersions() {}

  /**
   * Reads the snapshot topic from its beginning to its present end.
   *
   * @param reader of the topic; the caller closes it
   */
  public static PublishedVersions read(TopicReader reader, String model) {
    PublishedVersions published = new PublishedVersions();
    reader.read(
        reader.first(),
        record -> {
          SnapshotKey key =
              record.key() == null
                  ? null
                  : SnapshotKey.parse(new String(record.key(), StandardCharsets.UTF_8))
                      .orElse(null);
          if (key instanceof SnapshotKey.Manifest manifest) {
            published.add(manifest, record, model);
          }
          return true;
        });
    return published;
  }

  private void add(SnapshotKey.Manifest key, ConsumerRecord<byte[], byte[]> record, String model) {
    if (record.value() != null) {
      models.add(key.model());
    }
    if (!key.model().equals(model)) {
      return;
    }
    if (record.value() == null) {
      versions.remove(key.version());
    } else {
      versions.put(
          key.version(),
          new Published(
              key.version(),
              record.offset(),
              record.value(),
              header(record, RecordSignatures.KEY_ID_HEADER),
              header(record, RecordSignatures.SIGNATURE_HEADER)));
    }
  }

  private static byte @Nullable [] header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? null : header.value();
  }

  /** The versions of the model, lowest first. */
  public SortedSet<Long> versions() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(versions.keySet()));
  }

  /** The manifests by version, lowest first. */
  public SortedMap<Long, Published> manifests() {
    return Collections.unmodifiableSortedMap(versions);
  }

  public Optional<Published> find(long version) {
    return Optional.ofNullable(versions.get(version));
  }

  /** All models that have published on the topic. */
  public SortedSet<String> models() {
    return Collections.unmodifiableSortedSet(models);
  }
}
