package io.millrace.model.spec;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ranges and the canonical text of attributes. */
final class Attributes {
  static final int MAX_FEATURES = 1 << 20;

  /** Keeps dilation * kernel and the like far from overflow. */
  static final int MAX_EXTENT = 1024;

  private Attributes() {}

  /** Numbers and booleans read back from their {@code toString} exactly, so that is the text. */
  static SortedMap<String, String> of(Map<String, Object> values) {
    SortedMap<String, String> text = new TreeMap<>();
    values.forEach((name, value) -> text.put(name, value.toString()));
    return Collections.unmodifiableSortedMap(text);
  }

  static void require(int value, String name, int min, int max) {
    if (value < min || value > max) {
      throw SpecException.of(name, "a whole number from " + min + " to " + max, value);
    }
  }

  static void require(Size2d value, String name, int min) {
    if (Math.min(value.height(), value.width()) < min
        || Math.max(value.height(), value.width()) > MAX_EXTENT) {
      throw SpecException.of(name, "height and width from " + min + " to " + MAX_EXTENT, value);
    }
  }

  static void requireFraction(float value, String name) {
    if (!(value >= 0 && value < 1)) {
      throw SpecException.of(name, "a number in [0, 1)", value);
    }
  }

  static void requirePool(Size2d kernel, Size2d stride, Size2d padding) {
    require(kernel, "kernel", 1);
    require(stride, "stride", 1);
    require(padding, "padding", 0);
    if (2 * padding.height() > kernel.height() || 2 * padding.width() > kernel.width()) {
      throw SpecException.of("padding", "at most half the kernel " + kernel, padding);
    }
  }
}
