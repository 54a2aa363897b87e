package io.millrace.tests.faults;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records as bytes that are equal for equal records. Avro's own bytes are not: a map's entries come
 * in any order. Numbers go by their bits, so that -0 and 0 differ.
 */
final class Canonical {

  private Canonical() {}

  /** All of a record but for the fields that depend on the clock and the machine. */
  static byte[] bytes(IndexedRecord record, Set<String> without) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Schema.Field field : record.getSchema().getFields()) {
        if (!without.contains(field.name())) {
          out.writeUTF(field.name());
          write(record.get(field.pos()), out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(@Nullable Object value, DataOutputStream out) throws IOException {
    switch (value) {
      case IndexedRecord record -> {
        byte[] nested = bytes(record, Set.of());
        out.writeInt(nested.length);
        out.write(nested);
      }
      case Map<?, ?> map -> {
        TreeMap<String, Object> sorted = new TreeMap<>();
        map.forEach((key, element) -> sorted.put(String.valueOf(key), element));
        out.writeInt(sorted.size());
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
          write(entry.getKey(), out);
          write(entry.getValue(), out);
        }
      }
      case List<?> list -> {
        out.writeInt(list.size());
        for (Object element : list) {
          write(element, out);
        }
      }
      case ByteBuffer buffer -> {
        byte[] content = new byte[buffer.remaining()];
        buffer.duplicate().get(content);
        out.writeInt(content.length);
        out.write(content);
      }
      case Float number -> out.writeInt(Float.floatToRawIntBits(number));
      case Double number -> out.writeLong(Double.doubleToRawLongBits(number));
      case null -> out.writeByte(0);
      default -> {
        byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
    }
  }
}
