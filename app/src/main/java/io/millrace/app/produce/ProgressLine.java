package io.millrace.app.produce;

import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows progress on a terminal as one line that is written over, and elsewhere as a line every ten
 * seconds.
 */
final class ProgressLine {
  private static final long PLAIN_NANOS = 10_000_000_000L;

  private final PrintWriter err;
  private final boolean terminal;
  private long lastPlainNanos;
  private int written;

  ProgressLine(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  void show(Progress progress) {
    if (terminal) {
      String line = text(progress);
      err.print("\r" + line + " ".repeat(Math.max(0, written - line.length())));
      err.flush();
      written = line.length();
    } else if (progress.elapsedNanos() - lastPlainNanos >= PLAIN_NANOS) {
      lastPlainNanos = progress.elapsedNanos();
      err.println(text(progress));
      err.flush();
    }
  }

  /** The last line, which stays. */
  void end(Progress progress, String topic) {
    String line = "%s to %s".formatted(text(progress), topic);
    err.println((terminal ? "\r" : "") + line + " ".repeat(Math.max(0, written - line.length())));
    err.flush();
  }

  static String text(Progress progress) {
    String of =
        progress.length() == Long.MAX_VALUE
            ? ""
            : String.format(Locale.ROOT, " of %,d", progress.length());
    return String.format(
        Locale.ROOT,
        "Sent %,d%s images, %,.0f images/s, %,.1f MB",
        progress.acknowledged(),
        of,
        progress.perSecond(),
        progress.bytes() / 1e6);
  }
}
