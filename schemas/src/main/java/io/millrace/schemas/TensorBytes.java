package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Tensors as bytes: little-endian IEEE 754 float32, cut into chunks of {@link #CHUNK_BYTES}, the
 * last one shorter.
 */
public final class TensorBytes {
  /**
   * 256 KiB: with header and names well under every default limit of Kafka, of which the lowest is
   * 1 MB for a record.
   */
  public static final int CHUNK_BYTES = 256 << 10;

  private TensorBytes() {}

  /** How many chunks a tensor of {@code sizeBytes} has; at least 1. */
  public static int chunks(int sizeBytes) {
    return Math.max(1, (int) (((long) sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES));
  }

  /** Chunk number {@code chunk} of {@code values}. */
  public static byte[] chunk(float[] values, int chunk) {
    int first = Math.multiplyExact(chunk, CHUNK_BYTES / Float.BYTES);
    int count = Math.min(CHUNK_BYTES / Float.BYTES, values.length - first);
    if (chunk < 0 || count < 0) {
      throw new IllegalArgumentException(
          "chunk " + chunk + ": expected one of " + chunks(values.length * Float.BYTES));
    }
    byte[] bytes = new byte[count * Float.BYTES];
    littleEndian(ByteBuffer.wrap(bytes)).asFloatBuffer().put(values, first, count);
    return bytes;
  }

  /**
   * The elements in {@code bytes}.
   *
   * @throws IllegalArgumentException if they are not a whole number of elements
   */
  public static float[] floats(byte[] bytes) {
    if (bytes.length % Float.BYTES != 0) {
      throw new IllegalArgumentException(
          "tensor: expected a multiple of " + Float.BYTES + " bytes, got " + bytes.length);
    }
    float[] values = new float[bytes.length / Float.BYTES];
    littleEndian(ByteBuffer.wrap(bytes)).asFloatBuffer().get(values);
    return values;
  }

  /** What is left in the buffer; does not move its position. */
  public static byte[] array(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(buffer.position(), bytes);
    return bytes;
  }

  /** SHA-256 of the tensor's bytes, in lower-case hexadecimal. */
  public static String sha256(float[] values) {
    MessageDigest digest = digest();
    for (int chunk = 0; chunk < chunks(values.length * Float.BYTES); chunk++) {
      digest.update(chunk(values, chunk));
    }
    return hex(digest);
  }

  /** SHA-256 of {@code bytes}, in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    MessageDigest digest = digest();
    digest.update(bytes);
    return hex(digest);
  }

  /** A fresh SHA-256. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }
}
