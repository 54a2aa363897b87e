package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.app.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A command of {@code ./millrace} in a JVM of its own, which can be killed and started again. */
final class Command implements AutoCloseable {

  private final List<String> arguments;
  private final Path log;
  private ChildJvm process;

  private Command(List<String> arguments, Path log) {
    this.arguments = arguments;
    this.log = log;
    this.process = launch();
  }

  /** Starts a command with a configuration, which goes into a folder with the command's log. */
  static Command start(String command, String yaml, Path folder) {
    try {
      Files.createDirectories(folder);
      Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml);
      return new Command(
          List.of(command, "-c", file.toString(), "--progress-seconds", "1"),
          folder.resolve(command + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the configuration of " + command, e);
    }
  }

  private ChildJvm launch() {
    List<String> options =
        List.of("-Xmx512m", "-Dmillrace.home=" + System.getProperty("millrace.home", "."));
    return ChildJvm.start(ChildJvm.Launch.of(Main.class, arguments).withOptions(options), log);
  }

  /** As {@code kill -9} does, and starts it again. */
  void killAndRestart() {
    requireAlive();
    process.kill();
    process = launch();
  }

  /** Fails with the end of its log if it has ended by itself. */
  void requireAlive() {
    if (!process.isAlive()) {
      fail(arguments.getFirst() + " has ended by itself: " + process.tail());
    }
  }

  String tail() {
    return process.tail();
  }

  @Override
  public void close() {
    process.kill();
  }
}
