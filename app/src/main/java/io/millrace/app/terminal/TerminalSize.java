package io.millrace.app.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** How wide the terminal of standard output is, asked anew each time, so that a resize shows. */
public final class TerminalSize {

  private static final int USUAL = 80;
  private static final int STANDARD_OUTPUT = 1;

  /** TIOCGWINSZ of Linux and of macOS. */
  private static final long REQUEST =
      System.getProperty("os.name", "").startsWith("Mac") ? 0x40087468L : 0x5413L;

  /** struct winsize: rows, columns and two more, 16 bits each. */
  private static final long SIZE_BYTES = 8;

  private static final long COLUMNS_OFFSET = 2;

  private static final Optional<MethodHandle> IOCTL = ioctl();

  private TerminalSize() {}

  /** {@code COLUMNS} where it is set, else what the terminal says, else 80. */
  public static int columns() {
    String variable = System.getenv().getOrDefault("COLUMNS", "");
    if (variable.matches("[1-9]\\d{0,3}")) {
      return Integer.parseInt(variable);
    }
    int columns = IOCTL.map(TerminalSize::ask).orElse(0);
    return columns > 0 ? columns : USUAL;
  }

  private static int ask(MethodHandle ioctl) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment size = arena.allocate(SIZE_BYTES);
      int result = (int) ioctl.invokeExact(STANDARD_OUTPUT, REQUEST, size);
      return result == 0
          ? Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_OFFSET))
          : 0;
    } catch (Throwable e) {
      return 0;
    }
  }

  /** Empty on systems without it. The JDK has no other way to ask for a terminal's size. */
  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> ioctl() {
    try {
      Linker linker = Linker.nativeLinker();
      FunctionDescriptor signature =
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS);
      return linker
          .defaultLookup()
          .find("ioctl")
          .map(address ->
              linker.downcallHandle(address, signature, Linker.Option.firstVariadicArg(2)));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
