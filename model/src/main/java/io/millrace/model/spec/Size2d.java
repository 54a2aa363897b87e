package io.millrace.model.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A height and a width, of a kernel, stride, padding or dilation; written {@code 3x5}. */
public record Size2d(int height, int width) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})(?:x(\\d{1,9}))?");

  public static Size2d square(int extent) {
    return new Size2d(extent, extent);
  }

  /**
   * Reads {@code 3x5}, or {@code 3} for {@code 3x3}.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Size2d parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a whole number or height x width such as 3x5, got " + text);
    }
    int height = Integer.parseInt(matcher.group(1));
    String width = matcher.group(2);
    return new Size2d(height, width == null ? height : Integer.parseInt(width));
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
