package io.millrace.model.safetensors;

import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads safetensors: the header's size in 8 bytes little-endian, the header as JSON, then the
 * tensors' elements, little-endian and row-major. The format's rules are held strictly, and nothing
 * is allocated for bytes that the file does not have. Elements of F64, F16 and BF16 become float32.
 */
public final class SafetensorsReader {
  /** Some 100,000 tensors; the reference library stops at 100 MB. */
  static final int MAX_HEADER_BYTES = 16 << 20;

  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int BUFFER_BYTES = 1 << 16;

  private SafetensorsReader() {}

  /**
   * Reads a file.
   *
   * @param maxBytes what the tensors may take as float32
   * @throws SafetensorsException naming the file, if it is not what it should be
   * @throws IOException if it cannot be read
   */
  public static SafetensorsFile read(Path file, long maxBytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(channel, channel.size(), maxBytes);
    } catch (SafetensorsException e) {
      throw new SafetensorsException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads the bytes of a file.
   *
   * @param maxBytes what the tensors may take as float32
   * @throws SafetensorsException if they are not what they should be
   */
  public static SafetensorsFile read(byte[] bytes, long maxBytes) throws SafetensorsException {
    try {
      return read(Channels.newChannel(new ByteArrayInputStream(bytes)), bytes.length, maxBytes);
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory failed", e);
    }
  }

  private static SafetensorsFile read(ReadableByteChannel channel, long sizeBytes, long maxBytes)
      throws IOException {
    if (sizeBytes < LENGTH_BYTES) {
      throw new SafetensorsException(
          "expected the header's size in 8 bytes at the start, got " + sizeBytes + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fill(channel, buffer, LENGTH_BYTES);
    long headerBytes = buffer.getLong();
    long limit = Math.min(MAX_HEADER_BYTES, sizeBytes - LENGTH_BYTES);
    if (headerBytes < 0 || headerBytes > limit) {
      throw new SafetensorsException(
          "header: expected a size of at most "
              + limit
              + " bytes, got "
              + Long.toUnsignedString(headerBytes)
              + "; it is no safetensors file, or it was cut short");
    }
    ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
    fill(channel, text, (int) headerBytes);
    Header header = Header.parse(decode(text), sizeBytes - LENGTH_BYTES - headerBytes);
    requireLimit(header, maxBytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (HeaderEntry entry : header.entries()) {
      tensors.put(entry.name(), tensor(entry, channel, buffer));
    }
    return new SafetensorsFile(header.metadata(), tensors);
  }

  private static String decode(ByteBuffer text) throws SafetensorsException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new SafetensorsException("header: expected UTF-8, got bytes that are not", e);
    }
  }

  private static void requireLimit(Header header, long maxBytes) throws SafetensorsException {
    long bytes = 0;
    for (HeaderEntry entry : header.entries()) {
      bytes += (long) entry.shape().elements() * Float.BYTES;
    }
    if (bytes > maxBytes) {
      throw new SafetensorsException(
          "tensors: expected at most "
              + maxBytes
              + " bytes as float32, got "
              + bytes
              + "; raise the limit to accept it");
    }
  }

  private static Tensor tensor(HeaderEntry entry, ReadableByteChannel channel, ByteBuffer buffer)
      throws IOException {
    float[] values = new float[entry.shape().elements()];
    int atOnce = BUFFER_BYTES / entry.type().sizeBytes();
    for (int done = 0; done < values.length; ) {
      int count = Math.min(atOnce, values.length - done);
      fill(channel, buffer, count * entry.type().sizeBytes());
      entry.type().read(buffer, values, done, count);
      done += count;
    }
    return new Tensor(entry.shape(), values);
  }

  /** Reads exactly {@code count} bytes and makes them ready to be taken. */
  private static void fill(ReadableByteChannel channel, ByteBuffer buffer, int count)
      throws IOException {
    buffer.clear().limit(count);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new SafetensorsException("the file became shorter while it was read");
      }
    }
    buffer.flip();
  }
}
