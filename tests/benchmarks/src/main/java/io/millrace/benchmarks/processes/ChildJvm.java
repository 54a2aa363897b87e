package io.millrace.benchmarks.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs a main class of this program in a JVM with the flags of this one, and more. */
public final class ChildJvm {
  /** Lines that start so are the result; what else comes out is shown if the JVM fails. */
  public static final String RESULT = "result ";

  private ChildJvm() {}

  /**
   * Runs to the end.
   *
   * @param flags behind those of this JVM, so that they win
   * @return what stands behind {@link #RESULT} in each line that starts with it
   * @throws IOException if it exits with anything but 0; the message has its output
   */
  public static List<String> run(List<String> flags, Class<?> main, List<String> arguments)
      throws IOException {
    return run(Path.of(System.getProperty("java.home")), flags, main, arguments);
  }

  /** What starts such a JVM, for those who talk to it while it runs. */
  public static List<String> command(List<String> flags, Class<?> main, List<String> arguments) {
    return command(Path.of(System.getProperty("java.home")), flags, main, arguments);
  }

  private static List<String> command(
      Path jdk, List<String> flags, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(jdk.resolve("bin").resolve("java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  /** The same on another JDK, in whose home {@code bin/java} is. */
  static List<String> run(Path jdk, List<String> flags, Class<?> main, List<String> arguments)
      throws IOException {
    Process process =
        new ProcessBuilder(command(jdk, flags, main, arguments)).redirectErrorStream(true).start();
    List<String> results = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith(RESULT)) {
          results.add(line.substring(RESULT.length()));
        } else {
          others.add(line);
        }
      }
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException(
            main.getSimpleName()
                + " with "
                + flags
                + ": expected exit status 0, got "
                + status
                + "; its output:\n"
                + String.join("\n", others));
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + main.getSimpleName() + " runs", e);
    } finally {
      process.destroy();
    }
  }
}
