package io.millrace.model.safetensors;

import io.millrace.model.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors: every tensor as F32, in the given order, the metadata sorted by key. Equal
 * tensors and metadata give equal bytes.
 */
public final class SafetensorsWriter {
  /** The elements begin at a multiple of this, so that a reader may map them. */
  private static final int ALIGNMENT = 8;

  private static final int BUFFER_FLOATS = 1 << 14;

  private SafetensorsWriter() {}

  /**
   * Writes a file's bytes.
   *
   * @param metadata free text by key
   * @param tensors by name; the map's order is the file's
   */
  public static void write(
      Map<String, String> metadata, Map<String, Tensor> tensors, OutputStream out)
      throws IOException {
    byte[] header = header(metadata, tensors).getBytes(StandardCharsets.UTF_8);
    int padding = Math.floorMod(-header.length, ALIGNMENT);
    out.write(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length + padding)
            .array());
    out.write(header);
    out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
    ByteBuffer buffer =
        ByteBuffer.allocate(BUFFER_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : tensors.values()) {
      float[] data = tensor.data();
      for (int from = 0; from < data.length; from += BUFFER_FLOATS) {
        int count = Math.min(BUFFER_FLOATS, data.length - from);
        buffer.clear().asFloatBuffer().put(data, from, count);
        out.write(buffer.array(), 0, count * Float.BYTES);
      }
    }
  }

  private static String header(Map<String, String> metadata, Map<String, Tensor> tensors) {
    StringBuilder json = new StringBuilder("{");
    if (!metadata.isEmpty()) {
      quote(json, Header.METADATA).append(":{");
      new TreeMap<>(metadata)
          .forEach((key, value) -> {
            quote(json, key).append(':');
            quote(json, value).append(',');
          });
      closeObject(json).append(',');
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      if (entry.getKey().equals(Header.METADATA)) {
        throw new IllegalArgumentException(
            "tensor " + entry.getKey() + ": expected another name; the format keeps it for text");
      }
      long end = offset + (long) Float.BYTES * entry.getValue().data().length;
      String shape = entry.getValue().shape().toString().replace(" ", "");
      quote(json, entry.getKey()).append(":{\"dtype\":\"F32\",\"shape\":").append(shape);
      json.append(",\"data_offsets\":[").append(offset).append(',').append(end).append("]},");
      offset = end;
    }
    return closeObject(json).toString();
  }

  private static StringBuilder closeObject(StringBuilder json) {
    if (json.charAt(json.length() - 1) == ',') {
      json.setLength(json.length() - 1);
    }
    return json.append('}');
  }

  private static StringBuilder quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ') {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"');
  }
}
