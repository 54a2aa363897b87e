package io.millrace.serving;

import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.schemas.TensorBytes;
import io.millrace.serving.AssemblyResult.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The pieces of one version that wait for their manifest. */
final class SnapshotParts {
  /** What a piece costs beside its bytes; keeps a flood of empty pieces within the limit. */
  private static final int OVERHEAD_BYTES = 256;

  private final Map<String, Map<Integer, SnapshotTensor>> tensors = new HashMap<>();
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
            .computeIfAbsent(piece.getTensor(), _ -> new HashMap<>())
            .put(piece.getChunk(), piece);
    bytes += cost(piece) - (before == null ? 0 : cost(before));
    if (bytes > maxBytes) {
      tooLarge = true;
      tensors.clear();
      bytes = 0;
    }
  }

  /** The elements of one tensor, whose size and SHA-256 are as the manifest says. */
  @SuppressWarnings("ThreadPriorityCheck") // Only latencies rely on it.
  float[] join(TensorInfo info) throws RejectedSnapshotException {
    if (tooLarge) {
      throw new RejectedSnapshotException(
          Reason.TOO_LARGE,
          "its pieces exceed the limit of " + maxBytes + " bytes; raise the limit to accept it");
    }
    List<SnapshotTensor> pieces = pieces(info);
    MessageDigest sha256 = TensorBytes.digest();
    float[] values = new float[info.getSizeBytes() / Float.BYTES];
    int offset = 0;
    for (SnapshotTensor piece : pieces) {
      // Whoever predicts on this machine goes first; a piece takes about as long as a prediction.
      Thread.yield();
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
    requireUnchanged(info, HexFormat.of().formatHex(sha256.digest()));
    return values;
  }

  /**
   * The pieces that the manifest speaks of, whose bytes are as many as it says: memory for the
   * tensor is taken after that. Pieces with higher numbers are left-overs of another writer; they
   * are not looked at, or one of them would spoil a snapshot that is whole.
   */
  private List<SnapshotTensor> pieces(TensorInfo info) throws RejectedSnapshotException {
    Map<Integer, SnapshotTensor> all = tensors.getOrDefault(info.getName(), Map.of());
    List<SnapshotTensor> pieces = new ArrayList<>();
    long sizeBytes = 0;
    for (int chunk = 0; chunk < info.getChunks(); chunk++) {
      SnapshotTensor piece = all.get(chunk);
      if (piece == null) {
        throw new RejectedSnapshotException(
            Reason.INCOMPLETE,
            String.format(
                "tensor %s: expected %d chunks, got %d; chunk %d is missing",
                info.getName(), info.getChunks(), all.size(), chunk));
      }
      sizeBytes += piece.getData().remaining();
      pieces.add(piece);
    }
    if (sizeBytes != info.getSizeBytes()) {
      throw new RejectedSnapshotException(
          Reason.CORRUPT,
          String.format(
              "tensor %s: expected %d bytes in %d chunks, got %d",
              info.getName(), info.getSizeBytes(), info.getChunks(), sizeBytes));
    }
    return pieces;
  }

  private static void requireUnchanged(TensorInfo info, String sha256)
      throws RejectedSnapshotException {
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
