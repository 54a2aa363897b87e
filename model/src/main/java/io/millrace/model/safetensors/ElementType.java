package io.millrace.model.safetensors;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** How an element is stored; all become float32. */
enum ElementType {
  F32(Float.BYTES) {
    @Override
    void read(ByteBuffer from, float[] into, int offset, int count) {
      // A view, not a loop of getFloat: it keeps the bits of every NaN.
      from.asFloatBuffer().get(into, offset, count);
      from.position(from.position() + count * Float.BYTES);
    }
  },
  /** Rounded to the nearest float32. */
  F64(Double.BYTES) {
    @Override
    void read(ByteBuffer from, float[] into, int offset, int count) {
      for (int i = offset; i < offset + count; i++) {
        into[i] = (float) from.getDouble();
      }
    }
  },
  F16(Short.BYTES) {
    @Override
    void read(ByteBuffer from, float[] into, int offset, int count) {
      for (int i = offset; i < offset + count; i++) {
        into[i] = Float.float16ToFloat(from.getShort());
      }
    }
  },
  /** The upper half of a float32. */
  BF16(Short.BYTES) {
    @Override
    void read(ByteBuffer from, float[] into, int offset, int count) {
      for (int i = offset; i < offset + count; i++) {
        into[i] = Float.intBitsToFloat(from.getShort() << Short.SIZE);
      }
    }
  };

  private final int sizeBytes;

  ElementType(int sizeBytes) {
    this.sizeBytes = sizeBytes;
  }

  int sizeBytes() {
    return sizeBytes;
  }

  /** Takes {@code count} elements out of a little-endian buffer that has as many. */
  abstract void read(ByteBuffer from, float[] into, int offset, int count);

  static ElementType parse(String tensor, String text) throws SafetensorsException {
    for (ElementType type : values()) {
      if (type.name().equals(text)) {
        return type;
      }
    }
    throw new SafetensorsException(
        "tensor "
            + tensor
            + ": dtype: expected one of "
            + Arrays.toString(values())
            + ", got "
            + text
            + "; convert it to F32 first");
  }
}
