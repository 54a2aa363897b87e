package io.millrace.serving;

import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.schemas.TensorBytes;
import io.millrace.serving.AssemblyResult.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The pieces of one version that wait for their manifest. */
final class SnapshotParts {
  /** What a piece costs beside its bytes; keeps a flood of empty pieces within the limit. */
  private static final int OVERHEAD_BYTES = 256;

  private final Map<String, SortedMap<Integer, SnapshotTensor>> tensors = new HashMap<>();
  private final long maxBytes;
  private long bytes;
  private boolean tooLarge;

  SnapshotParts(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Memory that the pieces hold. */
  long bytes() {
    return bytes;
  }

  /** Keeps a piece; a second one of the same number takes the first one's place. */
  void add(SnapshotTensor piece) {
    if (tooLarge) {
      return;
    }
    SnapshotTensor before =
        tensors
            .computeIfAbsent(piece.getTensor(), _ -> new TreeMap<>())
            .put(piece.getChunk(), piece);
    bytes += cost(piece) - (before == null ? 0 : cost(before));
    if (bytes > maxBytes) {
      tooLarge = true;
      tensors.clear();
      bytes = 0;
    }
  }

  /** The elements of one tensor, whose size and SHA-256 are as the manifest says. */
  float[] join(TensorInfo info) throws RejectedSnapshotException {
    if (tooLarge) {
      throw new RejectedSnapshotException(
          Reason.TOO_LARGE,
          "its pieces exceed the limit of " + maxBytes + " bytes; raise the limit to accept it");
    }
    SortedMap<Integer, SnapshotTensor> pieces =
        tensors.getOrDefault(info.getName(), new TreeMap<>());
    requireComplete(info, pieces);
    MessageDigest sha256 = TensorBytes.digest();
    float[] values = new float[info.getSizeBytes() / Float.BYTES];
    int offset = 0;
    for (SnapshotTensor piece : pieces.values()) {
      ByteBuffer data = piece.getData().duplicate().order(ByteOrder.LITTLE_ENDIAN);
      int size = data.remaining();
      if (piece.getChunks() != info.getChunks()
          || piece.getOffset() != offset
          || size % Float.BYTES != 0
          || size > info.getSizeBytes() - offset) {
        throw new RejectedSnapshotException(
            Reason.CORRUPT,
            String.format(
                "tensor %s: chunk %d: expected one of %d at offset %d of %d bytes, got one of %d at"
                    + " offset %d with %d bytes",
                info.getName(),
                piece.getChunk(),
                info.getChunks(),
                offset,
                info.getSizeBytes(),
                piece.getChunks(),
                piece.getOffset(),
                size));
      }
      sha256.update(data.duplicate());
      data.asFloatBuffer().get(values, offset / Float.BYTES, size / Float.BYTES);
      offset += size;
    }
    requireUnchanged(info, offset, HexFormat.of().formatHex(sha256.digest()));
    return values;
  }

  private static void requireComplete(TensorInfo info, SortedMap<Integer, SnapshotTensor> pieces)
      throws RejectedSnapshotException {
    for (int chunk = 0; chunk < info.getChunks(); chunk++) {
      if (!pieces.containsKey(chunk)) {
        throw new RejectedSnapshotException(
            Reason.INCOMPLETE,
            String.format(
                "tensor %s: expected %d chunks, got %d; chunk %d is missing",
                info.getName(), info.getChunks(), pieces.size(), chunk));
      }
    }
    if (pieces.size() != info.getChunks()) {
      throw new RejectedSnapshotException(
          Reason.CORRUPT,
          String.format(
              "tensor %s: expected %d chunks, got %d",
              info.getName(), info.getChunks(), pieces.size()));
    }
  }

  private static void requireUnchanged(TensorInfo info, int sizeBytes, String sha256)
      throws RejectedSnapshotException {
    if (sizeBytes != info.getSizeBytes()) {
      throw new RejectedSnapshotException(
          Reason.CORRUPT,
          String.format(
              "tensor %s: expected %d bytes, got %d",
              info.getName(), info.getSizeBytes(), sizeBytes));
    }
    if (!sha256.equals(info.getSha256())) {
      throw new RejectedSnapshotException(
          Reason.CORRUPT,
          String.format(
              "tensor %s: expected SHA-256 %s, got %s", info.getName(), info.getSha256(), sha256));
    }
  }

  private static long cost(SnapshotTensor piece) {
    return OVERHEAD_BYTES + (long) piece.getData().remaining();
  }
}
