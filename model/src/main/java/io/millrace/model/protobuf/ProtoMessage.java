package io.millrace.model.protobuf;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A message in Protocol Buffers' binary form, filled field by field. It knows its size without
 * being written, so that weights are never copied.
 */
public final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private static final int BUFFER_FLOATS = 1 << 14;

  private interface Part {
    void writeTo(OutputStream out) throws IOException;
  }

  private final List<Part> parts = new ArrayList<>();
  private long sizeBytes;

  /** An integer or enum field. */
  public ProtoMessage number(int field, long value) {
    tag(field, VARINT);
    varint(value);
    return this;
  }

  /** A float field. */
  public ProtoMessage real(int field, float value) {
    tag(field, FIXED32);
    return add(
        ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
  }

  /** A double field. */
  public ProtoMessage real64(int field, double value) {
    tag(field, FIXED64);
    return add(
        ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
  }

  /** A repeated double field in its packed form. */
  public ProtoMessage doubles(int field, double[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes(field, bytes.array());
  }

  /** A bytes field with an array that must not change any more. */
  public ProtoMessage bytes(int field, byte[] value) {
    tag(field, LENGTH);
    varint(value.length);
    return add(value);
  }

  public ProtoMessage text(int field, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return bytes(field, bytes);
  }

  /** A bytes field with the little-endian elements of an array, which must not change any more. */
  public ProtoMessage floats(int field, float[] values) {
    long bytes = (long) values.length * Float.BYTES;
    tag(field, LENGTH);
    varint(bytes);
    return add(
        bytes,
        out -> {
          byte[] buffer = new byte[Math.min(BUFFER_FLOATS, values.length) * Float.BYTES];
          for (int from = 0; from < values.length; from += BUFFER_FLOATS) {
            int count = Math.min(BUFFER_FLOATS, values.length - from);
            ByteBuffer.wrap(buffer)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(values, from, count);
            out.write(buffer, 0, count * Float.BYTES);
          }
        });
  }

  /** A message within this one; it must not be filled any further. */
  public ProtoMessage message(int field, ProtoMessage value) {
    tag(field, LENGTH);
    varint(value.sizeBytes);
    return add(value.sizeBytes, value::writeTo);
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public void writeTo(OutputStream out) throws IOException {
    for (Part part : parts) {
      part.writeTo(out);
    }
  }

  private void tag(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  /** Seven bits a byte, the lowest first; the eighth bit says that more follow. */
  private void varint(long value) {
    byte[] bytes = new byte[10];
    int length = 0;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
    int size = length;
    add(size, out -> out.write(bytes, 0, size));
  }

  private ProtoMessage add(byte[] bytes) {
    return add(bytes.length, out -> out.write(bytes));
  }

  private ProtoMessage add(long bytes, Part part) {
    parts.add(part);
    sizeBytes += bytes;
    return this;
  }
}
