package io.millrace.app.terminal;

import java.io.PrintWriter;

/** A terminal of a fixed width, with colors. */
public final class ScreenOfWidth {

  private ScreenOfWidth() {}

  public static Screen of(PrintWriter out, int columns) {
    return Screen.live(out, () -> columns);
  }
}
