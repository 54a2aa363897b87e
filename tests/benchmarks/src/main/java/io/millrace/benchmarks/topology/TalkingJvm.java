package io.millrace.benchmarks.topology;

import io.millrace.benchmarks.processes.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A JVM that runs beside this one, tells what it does line by line, and ends when its standard
 * input does: so it ends with this one too, however that ends.
 */
final class TalkingJvm implements AutoCloseable {
  private static final long LOOK_MS = 50;
  private static final int KEPT_LINES = 40;
  private static final Duration END_WITHIN = Duration.ofSeconds(40);

  private final String name;
  private final Process process;
  private final LinkedBlockingQueue<String> results = new LinkedBlockingQueue<>();
  private final ArrayDeque<String> others = new ArrayDeque<>();

  private TalkingJvm(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static TalkingJvm start(List<String> flags, Class<?> main, List<String> arguments)
      throws IOException {
    Process process =
        new ProcessBuilder(ChildJvm.command(flags, main, arguments))
            .redirectErrorStream(true)
            .start();
    TalkingJvm jvm = new TalkingJvm(main.getSimpleName(), process);
    Thread.ofPlatform().daemon().name("output of " + jvm.name).start(jvm::read);
    return jvm;
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(ChildJvm.RESULT)) {
          results.add(line.substring(ChildJvm.RESULT.length()));
        } else {
          keep(line);
        }
      }
    } catch (IOException e) {
      keep(e.toString()); // The pipe of a process that was killed.
    }
  }

  private void keep(String line) {
    synchronized (others) {
      others.addLast(line);
      if (others.size() > KEPT_LINES) {
        others.removeFirst();
      }
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  /**
   * The next line that says something.
   *
   * @param wanted of what it says; lines before it are passed over
   * @throws IOException if it does not come in time; the message has the other output
   */
  String await(Predicate<String> wanted, Duration within) throws IOException {
    Optional<String> line = poll(wanted, within);
    if (line.isPresent()) {
      return line.get();
    }
    synchronized (others) {
      throw new IOException(
          name
              + ": expected an answer within "
              + within.toSeconds()
              + " s, got none; "
              + (process.isAlive() ? "it still runs" : "it ended with " + process.exitValue())
              + "; its last output:\n"
              + String.join("\n", others));
    }
  }

  /** The same; empty if it does not come in time, or the JVM ends. */
  Optional<String> poll(Predicate<String> wanted, Duration within) throws IOException {
    long end = System.nanoTime() + within.toNanos();
    try {
      while (System.nanoTime() < end) {
        String line = results.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        if (line != null && wanted.test(line)) {
          return Optional.of(line);
        }
        if (line == null && !process.isAlive() && results.isEmpty()) {
          break;
        }
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + name, e);
    }
  }

  /** As {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
  }

  /** Ends it in peace, or kills it if that takes too long. */
  @Override
  public void close() {
    try {
      process.outputWriter().close();
      if (process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (IOException e) {
      keep(e.toString()); // It has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }

  /** In the other JVM: says something. */
  static void say(String line) {
    System.out.println(ChildJvm.RESULT + line);
    System.out.flush();
  }

  /** In the other JVM: waits until the one that started it wants it to end, or has ended. */
  static void awaitEnd() {
    try {
      long _ = System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
