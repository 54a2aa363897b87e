package io.millrace.schemas;

import io.millrace.SnapshotManifest;
import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.TensorKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A snapshot as records of the snapshot topic: every chunk of every tensor, then the manifest, to
 * be sent in this order, to one partition, in one transaction. Checksums are made and checked here,
 * so that writer and reader agree on them.
 */
public final class SnapshotRecords {
  private static final int CHECKSUM_DIGITS = 64;

  private SnapshotRecords() {}

  /**
   * One tensor to be published.
   *
   * @param shape the extents, outermost first
   * @param values the elements in row-major order; only read
   */
  public record NamedTensor(String name, TensorKind kind, List<Integer> shape, float[] values) {
    public NamedTensor {
      shape = List.copyOf(shape);
      long elements = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
      if (elements != values.length || elements > Integer.MAX_VALUE / Float.BYTES) {
        throw new IllegalArgumentException(
            "tensor "
                + name
                + " "
                + shape
                + ": expected "
                + elements
                + " elements of at most 2 GiB, got "
                + values.length);
      }
    }
  }

  /**
   * Makes the records of one snapshot.
   *
   * @param manifest everything but the fields tensors, sha256 and checksum, which are set here
   * @param out takes each key and value, in the order to send
   */
  public static void write(
      SnapshotManifest manifest, List<NamedTensor> tensors, BiConsumer<String, byte[]> out) {
    AvroCodec<SnapshotTensor> chunkCodec = Codecs.CHUNK;
    List<TensorInfo> infos = new ArrayList<>();
    for (NamedTensor tensor : tensors) {
      TensorInfo info = info(tensor);
      infos.add(info);
      for (int chunk = 0; chunk < info.getChunks(); chunk++) {
        SnapshotTensor record =
            SnapshotTensor.newBuilder()
                .setVersion(manifest.getVersion())
                .setTensor(tensor.name())
                .setChunk(chunk)
                .setChunks(info.getChunks())
                .setOffset(chunk * TensorBytes.CHUNK_BYTES)
                .setData(ByteBuffer.wrap(TensorBytes.chunk(tensor.values(), chunk)))
                .build();
        SnapshotKey key =
            new SnapshotKey.Chunk(manifest.getModel(), manifest.getVersion(), tensor.name(), chunk);
        out.accept(key.text(), chunkCodec.encode(record));
      }
    }
    manifest.setTensors(infos);
    manifest.setSha256(sha256(infos));
    SnapshotKey key = new SnapshotKey.Manifest(manifest.getModel(), manifest.getVersion());
    out.accept(key.text(), seal(manifest));
  }

  /**
   * Every key of a published snapshot, the manifest's first: sending a null value for each, in this
   * order, takes the snapshot off the topic without ever leaving a manifest without its tensors.
   *
   * @param tensors as they were published; only names and sizes count
   */
  public static List<String> keys(String model, long version, List<NamedTensor> tensors) {
    List<String> keys = new ArrayList<>();
    keys.add(new SnapshotKey.Manifest(model, version).text());
    for (NamedTensor tensor : tensors) {
      int chunks = TensorBytes.chunks(tensor.values().length * Float.BYTES);
      for (int chunk = 0; chunk < chunks; chunk++) {
        keys.add(new SnapshotKey.Chunk(model, version, tensor.name(), chunk).text());
      }
    }
    return keys;
  }

  /**
   * One number for all tensors, equal for equal weights: SHA-256 of the UTF-8 text that has for
   * each tensor {@code name kind shape sha256} and a line feed, the shape as {@code 6,1,5,5}.
   */
  public static String sha256(List<TensorInfo> tensors) {
    StringBuilder text = new StringBuilder();
    for (TensorInfo tensor : tensors) {
      String shape =
          tensor.getShape().stream().map(String::valueOf).collect(Collectors.joining(","));
      text.append(tensor.getName()).append(' ').append(tensor.getKind()).append(' ');
      text.append(shape).append(' ').append(tensor.getSha256()).append('\n');
    }
    return TensorBytes.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** Sets the manifest's checksum and encodes it. */
  public static byte[] seal(SnapshotManifest manifest) {
    manifest.setChecksum("0".repeat(CHECKSUM_DIGITS));
    byte[] bytes = Codecs.MANIFEST.encode(manifest);
    String checksum = checksum(bytes);
    manifest.setChecksum(checksum);
    byte[] digits = checksum.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, bytes, bytes.length - digits.length, digits.length);
    return bytes;
  }

  /**
   * Reads a manifest and compares its checksum.
   *
   * @throws InvalidRecordException if the bytes are no manifest, or not those that were sealed
   */
  public static SnapshotManifest open(byte[] bytes) {
    SnapshotManifest manifest = Codecs.MANIFEST.decode(bytes);
    String expected = checksum(bytes);
    if (!manifest.getChecksum().equals(expected)) {
      throw new InvalidRecordException(
          DeadLetterReason.UNREADABLE_RECORD,
          "SnapshotManifest: checksum: expected "
              + expected
              + ", got "
              + manifest.getChecksum()
              + "; its bytes were changed after it was published");
    }
    return manifest;
  }

  /**
   * Reads a chunk; whether it belongs to a snapshot is for the reader of the manifest to say.
   *
   * @throws InvalidRecordException if the bytes are no chunk
   */
  public static SnapshotTensor openChunk(byte[] bytes) {
    return Codecs.CHUNK.decode(bytes);
  }

  private static TensorInfo info(NamedTensor tensor) {
    int sizeBytes = tensor.values().length * Float.BYTES;
    return TensorInfo.newBuilder()
        .setName(tensor.name())
        .setKind(tensor.kind())
        .setShape(tensor.shape())
        .setSizeBytes(sizeBytes)
        .setChunks(TensorBytes.chunks(sizeBytes))
        .setSha256(TensorBytes.sha256(tensor.values()))
        .build();
  }

  // The last field is the checksum: a length of two bytes (64, as Avro writes it) and 64 digits.
  private static String checksum(byte[] bytes) {
    MessageDigest digest = TensorBytes.digest();
    digest.update(bytes, 0, Math.max(0, bytes.length - CHECKSUM_DIGITS - 2));
    return TensorBytes.hex(digest);
  }

  private static final class Codecs {
    static final AvroCodec<SnapshotManifest> MANIFEST = AvroCodec.of(SnapshotManifest.class);
    static final AvroCodec<SnapshotTensor> CHUNK = AvroCodec.of(SnapshotTensor.class);
  }
}
