package io.millrace.tests.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The operating system's commands. */
final class Shell {

  private Shell() {}

  /** A command's end. */
  record Result(int status, String output) {}

  /** Runs a command that has to succeed. */
  static void run(String... command) {
    Result result = attempt(command);
    if (result.status() != 0) {
      throw new IllegalStateException(
          String.join(" ", command)
              + ": expected status 0, got "
              + result.status()
              + ": "
              + result.output());
    }
  }

  /** Runs a command that may fail; one that does not exist has the shell's status for it. */
  static Result attempt(String... command) {
    try {
      Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Result(process.waitFor(), output.strip());
    } catch (IOException e) {
      return new Result(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted in " + command[0], e));
    }
  }
}
