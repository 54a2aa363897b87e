package io.millrace.app.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * A place at the end of the output that is redrawn on a terminal. Where the output is piped, the
 * block is not shown; messages are, in both. What others write to standard error meanwhile, such as
 * the log, is put above the block.
 */
public final class Screen implements AutoCloseable {

  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";
  private static final int LEAST_COLUMNS = 20;

  private final PrintWriter out;
  private final boolean live;
  private final boolean color;
  private final boolean unicode;
  private final IntSupplier columns;
  private final PrintStream error = System.err;

  /** The widths of the lines of the block as it stands on the screen. */
  private List<Integer> drawn = List.of();

  private Screen(
      PrintWriter out, boolean live, boolean color, boolean unicode, IntSupplier columns) {
    this.out = out;
    this.live = live;
    this.color = color;
    this.unicode = unicode;
    this.columns = columns;
  }

  /** Standard output; live where it is a terminal that can move its cursor. */
  public static Screen standard() {
    return standard(new PrintWriter(System.out, false, System.out.charset()));
  }

  /** The same by a writer that ends at standard output. */
  public static Screen standard(PrintWriter out) {
    boolean terminal = Style.isTerminal();
    boolean live = terminal && !System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
    Screen screen =
        new Screen(
            out,
            live,
            Style.isShown(System.getenv(), terminal),
            System.out.charset().newEncoder().canEncode('█'),
            TerminalSize::columns);
    if (live) {
      System.setErr(new PrintStream(screen.new AboveTheBlock(), true, System.err.charset()));
    }
    return screen;
  }

  /** A writer that ends at no terminal. */
  public static Screen plain(PrintWriter out) {
    return new Screen(out, false, false, true, () -> 0);
  }

  /** A terminal of this width, for tests. */
  static Screen live(PrintWriter out, IntSupplier columns) {
    return new Screen(out, true, true, true, columns);
  }

  /** Whether {@link #draw} shows anything. */
  public boolean live() {
    return live;
  }

  /** Columns that a line may take without being wrapped. */
  public int columns() {
    return Math.max(LEAST_COLUMNS, columns.getAsInt() - 1);
  }

  /** Whether block characters can be shown. */
  public boolean unicode() {
    return unicode;
  }

  /** The text in a style, where colors are shown. */
  public String styled(Style style, String text) {
    return style.of(text, color);
  }

  /** Puts a line above the block, for good. */
  public synchronized void print(String line) {
    out.print(erasure());
    out.println(line);
    out.flush();
  }

  /** Replaces the block; what is wider than the terminal is cut. */
  public synchronized void draw(List<String> lines) {
    if (!live) {
      return;
    }
    int width = columns();
    List<Integer> widths = new ArrayList<>();
    StringBuilder text = new StringBuilder(up());
    for (String line : lines) {
      String shown = Style.cut(line, width);
      widths.add(Style.width(shown));
      text.append(shown).append(CLEAR_LINE).append('\n');
    }
    out.print(text.append(CLEAR_BELOW));
    out.flush();
    drawn = widths;
  }

  /** Leaves the block as it stands. */
  public synchronized void settle() {
    drawn = List.of();
  }

  /** Leaves the block as it stands, and gives standard error back. */
  @Override
  public void close() {
    settle();
    if (live) {
      System.setErr(error);
    }
  }

  private String erasure() {
    String up = up();
    drawn = List.of();
    return up.isEmpty() ? "" : up + CLEAR_BELOW;
  }

  /** To the beginning of the block, whose lines a terminal that was made narrower has wrapped. */
  private String up() {
    int now = Math.max(1, columns.getAsInt());
    int rows = 0;
    for (int width : drawn) {
      rows += Math.max(1, Math.ceilDiv(width, now));
    }
    // The terminal may have echoed ^C at the beginning of the line.
    return rows == 0 ? "" : "\r\u001b[" + rows + "A";
  }

  /** Standard error, in front of which the block goes away until it is drawn again. */
  private final class AboveTheBlock extends FilterOutputStream {
    AboveTheBlock() {
      super(error);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      synchronized (Screen.this) {
        Screen.this.out.print(erasure());
        Screen.this.out.flush();
        error.write(bytes, offset, length);
        error.flush();
      }
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }
  }
}
