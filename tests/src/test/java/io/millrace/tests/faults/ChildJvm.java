package io.millrace.tests.faults;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own on this one's class path. It stops when its standard input ends, so that none
 * outlives the tests; what it prints goes to a log, and lines that begin with {@link #MARK} are
 * messages to the tests.
 */
final class ChildJvm {

  static final String MARK = "@@ ";

  private static final int TAIL_LINES = 40;
  private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(Process::destroyForcibly)));
  }

  /**
   * What to start.
   *
   * @param prefix a command that runs the JVM in its own place, as {@code nsenter} does; it has to
   *     replace itself by the JVM, so that signals reach that
   * @param options of the JVM, after those that every Millrace has
   */
  record Launch(
      Class<?> main,
      List<String> prefix,
      List<String> options,
      Map<String, String> environment,
      List<String> arguments) {

    static Launch of(Class<?> main, List<String> arguments) {
      return new Launch(main, List.of(), List.of(), Map.of(), arguments);
    }

    Launch withOptions(List<String> newOptions) {
      return new Launch(main, prefix, newOptions, environment, arguments);
    }

    Launch withPrefix(List<String> newPrefix) {
      return new Launch(main, newPrefix, options, environment, arguments);
    }

    Launch withEnvironment(Map<String, String> newEnvironment) {
      return new Launch(main, prefix, options, newEnvironment, arguments);
    }
  }

  private final Process process;
  private final Path log;
  private final ConcurrentLinkedQueue<String> marks = new ConcurrentLinkedQueue<>();
  private final Thread reader;

  private ChildJvm(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.reader = Thread.ofVirtual().start(this::copyOutput);
  }

  static ChildJvm start(Launch launch, Path log) {
    List<String> command = new ArrayList<>(launch.prefix());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--add-modules=jdk.incubator.vector");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UseSerialGC");
    command.addAll(launch.options());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(launch.main().getName());
    command.addAll(launch.arguments());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(launch.environment());
    try {
      Process process = builder.start();
      ALIVE.add(process);
      var _ = process.onExit().thenRun(() -> ALIVE.remove(process));
      return new ChildJvm(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + launch.main(), e);
    }
  }

  /** Tells the tests something, from within a child. */
  static void mark(String message) {
    System.out.println(MARK + message);
    System.out.flush();
  }

  private void copyOutput() {
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8);
        BufferedWriter out =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith(MARK)) {
          marks.add(line.substring(MARK.length()));
        }
        out.write(line);
        out.newLine();
        out.flush();
      }
    } catch (IOException e) {
      // The output of a killed process may break off in the middle of a line.
      System.err.println(log + " breaks off: " + e.getMessage());
    }
  }

  /** The next message, if one has come. */
  Optional<String> nextMark() {
    return Optional.ofNullable(marks.poll());
  }

  /** Waits for a message; empty when the time is up or the process has ended without one. */
  Optional<String> awaitMark(Duration timeout) {
    long end = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() < end) {
      boolean ended = !isAlive();
      Optional<String> mark = nextMark();
      if (mark.isPresent() || ended) {
        return mark;
      }
      Pause.ofMs(5);
    }
    return Optional.empty();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** SIGKILL, which no process can catch; returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofSeconds(30));
  }

  /** SIGSTOP: no thread of the process runs, while its connections stay open. */
  void suspend() {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() {
    signal("CONT");
  }

  /** Ends its input and waits; true if it has stopped by itself in time, and else it is killed. */
  boolean stop(Duration timeout) {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended already, and its input with it.
    }
    if (awaitEnd(timeout)) {
      return true;
    }
    kill();
    return false;
  }

  private boolean awaitEnd(Duration timeout) {
    try {
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return false;
      }
      return reader.join(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while a process stops", e);
    }
  }

  private void signal(String name) {
    Shell.run("kill", "-" + name, Long.toString(process.pid()));
  }

  /** The end of its log, for a failure's message. */
  String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }
}
