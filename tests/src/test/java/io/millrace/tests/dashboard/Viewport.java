package io.millrace.tests.dashboard;

import java.util.Locale;

/**
 * A screen to look at the page on.
 *
 * @param width in CSS pixels
 * @param height in CSS pixels
 * @param scale device pixels for each of them
 * @param mobile whether it is a phone's
 */
record Viewport(String name, int width, int height, double scale, boolean mobile, Theme theme) {
  /** What the reader's system prefers. */
  enum Theme {
    LIGHT,
    DARK;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Viewport desktop(Theme theme) {
    return new Viewport("desktop", 1280, 800, 1, false, theme);
  }

  static Viewport phone(Theme theme) {
    return new Viewport("phone", 390, 844, 1.5, true, theme);
  }
}
