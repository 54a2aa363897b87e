package io.millrace.serving;

import io.millrace.SnapshotManifest;
import io.millrace.schemas.SnapshotKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds the newest whole snapshot from the end of the topic, without reading its history.
 *
 * <p>It looks at stretches of records, each before the one looked at last, so that no record is
 * asked for twice: first two records, then more as long as they are small, until a manifest is
 * among them. That one tells how many chunks stand before it. A version that is not whole, not
 * right or not trusted gives way to the one before it; what a crashed writer left at the end has no
 * manifest and is passed over.
 */
final class NewestFinder {
  private static final long FIRST_STRETCH = 2;

  /** What a stretch may take before it is known what stands there: some chunks. */
  private static final long LOOK_BYTES = 1 << 20;

  /** Above, a snapshot is read with large fetches, of which two may go over its end. */
  private static final long LARGE_SNAPSHOT_BYTES = 64L << 20;

  private final SnapshotTopic topic;
  private final SnapshotAssembler assembler;
  private final Set<SnapshotKey> retired = new HashSet<>();

  /** Chunks behind the last manifest, of a version that is still being written. */
  private final Deque<ConsumerRecord<byte[], byte[]>> begun = new ArrayDeque<>();

  private long begunBytes;
  private boolean metManifest;
  private @Nullable Candidate candidate;

  private NewestFinder(SnapshotTopic topic) {
    this.topic = topic;
    this.assembler = topic.newAssembler();
  }

  /**
   * What was found.
   *
   * @param snapshot the newest whole one; empty if the topic has none
   * @param assembler goes on with what stands at {@code end}
   * @param begin the first offset that is kept
   * @param end the offset where the search began
   */
  record Found(Optional<Snapshot> snapshot, SnapshotAssembler assembler, long begin, long end) {}

  static Found find(SnapshotTopic topic) {
    return new NewestFinder(topic).find();
  }

  private Found find() {
    long begin = topic.probing().begin();
    long end = topic.probing().end();
    Optional<Snapshot> snapshot = backwards(begin, end);
    if (snapshot.isEmpty() && candidate != null) {
      snapshot = finish(candidate);
    }
    begun.forEach(record -> topic.accept(assembler, record));
    return new Found(snapshot, assembler, begin, end);
  }

  private Optional<Snapshot> backwards(long begin, long end) {
    long stretch = FIRST_STRETCH;
    for (long to = end; to > begin && !topic.probing().closed(); ) {
      long from = Math.max(begin, to - (candidate == null ? stretch : candidate.missing()));
      long before = topic.receivedBytes();
      Optional<Snapshot> snapshot = look(from, to);
      if (snapshot.isPresent()) {
        return snapshot;
      }
      long received = Math.max(1, topic.receivedBytes() - before);
      // No stretch adds much to what was read in all, whatever stands there.
      long affordable = Math.max(LOOK_BYTES, topic.receivedBytes() / 2);
      double each = (double) received / (to - from);
      stretch = Math.clamp((long) (affordable / each), 1, 2 * Math.max(stretch, to - from));
      to = from;
    }
    return Optional.empty();
  }

  /** Looks at a stretch, the last record first. */
  private Optional<Snapshot> look(long from, long to) {
    boolean large = candidate != null && candidate.sizeBytes() > LARGE_SNAPSHOT_BYTES;
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    (large ? topic.following() : topic.probing()).read(from, to, records::add);
    Optional<Snapshot> snapshot = Optional.empty();
    for (ConsumerRecord<byte[], byte[]> record : records.reversed()) {
      Optional<SnapshotKey> key = topic.key(record);
      if (key.isPresent() && snapshot.isEmpty()) {
        snapshot = look(key.get(), record);
      }
    }
    return snapshot;
  }

  private Optional<Snapshot> look(SnapshotKey key, ConsumerRecord<byte[], byte[]> record) {
    Candidate current = candidate;
    if (record.value() == null) {
      retired.add(key);
      return Optional.empty();
    }
    if (key instanceof SnapshotKey.Manifest manifest) {
      metManifest = true;
      if (current == null) {
        return begin(manifest, record);
      }
      if (current.key().model().equals(manifest.model())) {
        // All of a version stands behind the manifest of the one before it.
        Optional<Snapshot> torn = finish(current);
        return torn.isPresent() ? torn : begin(manifest, record);
      }
      return Optional.empty();
    }
    if (current != null) {
      current.offer((SnapshotKey.Chunk) key, record);
      return current.missing() == 0 ? finish(current) : Optional.empty();
    }
    if (!metManifest) {
      keepBegun(record);
    }
    return Optional.empty();
  }

  private Optional<Snapshot> begin(
      SnapshotKey.Manifest key, ConsumerRecord<byte[], byte[]> record) {
    if (retired.contains(key)) {
      return Optional.empty();
    }
    Optional<SnapshotManifest> manifest = SnapshotTopic.manifest(assembler, record);
    if (manifest.isEmpty()) {
      return topic.accept(assembler, record);
    }
    Candidate next = new Candidate(key, record, manifest.get());
    if (next.sizeBytes() > topic.maxSnapshotBytes() || next.missing() == 0) {
      return topic.accept(assembler, record);
    }
    candidate = next;
    return Optional.empty();
  }

  /** Puts a version before the assembler, whole or not. */
  private Optional<Snapshot> finish(Candidate finished) {
    candidate = null;
    Optional<Snapshot> snapshot = Optional.empty();
    for (ConsumerRecord<byte[], byte[]> record : finished.records()) {
      snapshot = topic.accept(assembler, record);
    }
    return snapshot;
  }

  private void keepBegun(ConsumerRecord<byte[], byte[]> chunk) {
    begun.addFirst(chunk);
    begunBytes += chunk.serializedValueSize();
    if (begunBytes > topic.maxSnapshotBytes()) {
      // More than any version may have.
      begun.clear();
      begunBytes = 0;
    }
  }
}
