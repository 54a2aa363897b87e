package io.millrace.tests.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.app.Main;
import io.millrace.tests.support.Eventually;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A command of Millrace on a thread of its own, with what it prints. */
final class CommandRun implements AutoCloseable {

  private static final int RUNNING = -1;

  private final List<String> arguments;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final AtomicInteger exitCode = new AtomicInteger(RUNNING);
  private final Thread thread;

  private CommandRun(List<String> arguments) {
    this.arguments = arguments;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("command-" + arguments.getFirst())
            .start(() ->
                exitCode.set(
                    Main.execute(
                        new PrintWriter(out, true),
                        new PrintWriter(err, true),
                        arguments.toArray(String[]::new))));
  }

  static CommandRun start(List<String> arguments) {
    return new CommandRun(arguments);
  }

  /** Runs to the end and expects success; returns what was printed. */
  static String succeed(List<String> arguments) {
    CommandRun run = start(arguments);
    run.awaitEnd();
    assertEquals(0, run.exitCode.get(), run::toString);
    return run.out();
  }

  /** Runs to the end and expects failure; returns the line that says why. */
  static String refused(List<String> arguments) {
    return start(arguments).refusal();
  }

  /** Waits for the end and expects failure; returns the line that says why. */
  String refusal() {
    awaitEnd();
    assertEquals(1, exitCode.get(), this::toString);
    return err.toString().lines().findFirst().orElse("");
  }

  private void awaitEnd() {
    try {
      if (!thread.join(Eventually.DEADLINE)) {
        close();
        fail("expected an end within " + Eventually.DEADLINE.toSeconds() + " s, got none: " + this);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail("interrupted while waiting for " + this, e);
    }
  }

  boolean ended() {
    return exitCode.get() != RUNNING;
  }

  String out() {
    return out.toString();
  }

  /** Stops it as Ctrl-C does, but for the end of the JVM. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Eventually.DEADLINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return arguments + ": exit code " + exitCode + ", out: " + out + ", err: " + err;
  }
}
