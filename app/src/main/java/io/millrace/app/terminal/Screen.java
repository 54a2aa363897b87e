package io.millrace.app.terminal;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/**
 * A place at the end of the output that is redrawn on a terminal. Where the output is piped, the
 * block is not shown; messages are, in both.
 */
public final class Screen {

  private final PrintStream out;
  private final boolean live;
  private int drawn;

  private Screen(PrintStream out, boolean live) {
    this.out = out;
    this.live = live;
  }

  /** Standard output; live where it is a terminal that can move its cursor. */
  public static Screen standard() {
    boolean terminal = Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    String term = System.getenv().getOrDefault("TERM", "dumb");
    return new Screen(System.out, terminal && !term.equals("dumb"));
  }

  /** A stream that is no terminal. */
  public static Screen plain(PrintStream out) {
    return new Screen(out, false);
  }

  /** Whether {@link #draw} shows anything. */
  public boolean live() {
    return live;
  }

  /** Puts a line above the block, for good. */
  public synchronized void print(String line) {
    erase();
    out.println(line);
    out.flush();
  }

  /** Replaces the block. */
  public synchronized void draw(List<String> lines) {
    if (!live) {
      return;
    }
    erase();
    lines.forEach(out::println);
    drawn = lines.size();
    out.flush();
  }

  /** Leaves the block as it stands. */
  public synchronized void settle() {
    drawn = 0;
  }

  private void erase() {
    if (drawn > 0) {
      // Up, then erase to the end of the screen.
      out.print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }
}
