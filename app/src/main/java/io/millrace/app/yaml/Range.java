package io.millrace.app.yaml;

import java.math.BigDecimal;

/** The numbers that a setting takes; its text is the "expected" of messages. */
public record Range(double min, boolean minIncluded, double max, boolean maxIncluded) {
  /** [min, max]. */
  public static Range closed(double min, double max) {
    return new Range(min, true, max, true);
  }

  /** (min, max]. */
  public static Range openClosed(double min, double max) {
    return new Range(min, false, max, true);
  }

  /** [min, max). */
  public static Range closedOpen(double min, double max) {
    return new Range(min, true, max, false);
  }

  /** Numbers of at least {@code min}. */
  public static Range atLeast(double min) {
    return new Range(min, true, Double.POSITIVE_INFINITY, false);
  }

  /** Numbers above {@code min}. */
  public static Range above(double min) {
    return new Range(min, false, Double.POSITIVE_INFINITY, false);
  }

  boolean contains(double value) {
    return (minIncluded ? value >= min : value > min) && (maxIncluded ? value <= max : value < max);
  }

  /** For example {@code a number in (0, 1]}. */
  @Override
  public String toString() {
    if (max == Double.POSITIVE_INFINITY) {
      return (minIncluded ? "a number of at least " : "a number above ") + text(min);
    }
    return "a number in "
        + (minIncluded ? "[" : "(")
        + text(min)
        + ", "
        + text(max)
        + (maxIncluded ? "]" : ")");
  }

  /** The shortest decimal that reads back as {@code value}, without an exponent where short. */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    String text = Double.toString(value);
    String plain = new BigDecimal(text).stripTrailingZeros().toPlainString();
    return plain.length() <= 8 ? plain : text;
  }
}
