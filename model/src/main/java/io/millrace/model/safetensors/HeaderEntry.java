package io.millrace.model.safetensors;

import io.millrace.model.tensor.Shape;

/**
 * What the header says of one tensor.
 *
 * @param begin its first byte, counted from the end of the header
 * @param end the byte after its last
 */
record HeaderEntry(String name, ElementType type, Shape shape, long begin, long end) {
  HeaderEntry {
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("tensor " + name + ": bytes " + begin + " to " + end);
    }
  }
}
