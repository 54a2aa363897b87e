package io.millrace.serving;

import io.millrace.SnapshotManifest;
import io.millrace.TensorInfo;
import io.millrace.schemas.SnapshotKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A manifest whose chunks are looked for, from the end of the topic towards its beginning. Of two
 * chunks with one key the later counts, as it does after compaction.
 */
final class Candidate {
  private final SnapshotKey.Manifest key;
  private final ConsumerRecord<byte[], byte[]> manifest;
  private final Map<String, Integer> chunks = new HashMap<>();
  private final long wanted;
  private final long sizeBytes;
  private final Map<SnapshotKey.Chunk, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();

  Candidate(
      SnapshotKey.Manifest key, ConsumerRecord<byte[], byte[]> manifest, SnapshotManifest decoded) {
    this.key = key;
    this.manifest = manifest;
    long all = 0;
    long bytes = 0;
    for (TensorInfo tensor : decoded.getTensors()) {
      chunks.put(tensor.getName(), tensor.getChunks());
      all += Math.max(0, tensor.getChunks());
      bytes += Math.max(0, tensor.getSizeBytes());
    }
    wanted = all;
    sizeBytes = bytes;
  }

  SnapshotKey.Manifest key() {
    return key;
  }

  /** What the tensors take, as the manifest says. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** Chunks that were not found yet. */
  long missing() {
    return wanted - found.size();
  }

  /** Keeps a chunk if it is one of this version's; those that come later stand before it. */
  void offer(SnapshotKey.Chunk chunk, ConsumerRecord<byte[], byte[]> record) {
    Integer count = chunks.get(chunk.tensor());
    if (chunk.version() == key.version()
        && chunk.model().equals(key.model())
        && count != null
        && chunk.chunk() < count) {
      found.putIfAbsent(chunk, record);
    }
  }

  /** What was found in the topic's order, the manifest last. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(found.values());
    records.sort(Comparator.comparingLong(ConsumerRecord::offset));
    records.add(manifest);
    return records;
  }
}
