package io.millrace.app.downstream;

import io.millrace.app.process.StopSignal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Prints how far a program is, where that has changed, until it is to stop or has failed. */
final class ProgressLoop {

  private static final Duration LOOK = Duration.ofMillis(200);

  private final PrintWriter out;
  private final Duration interval;

  /**
   * A loop that prints.
   *
   * @param seconds between lines; 0 for none
   */
  ProgressLoop(PrintWriter out, int seconds) {
    this.out = out;
    this.interval = Duration.ofSeconds(seconds);
  }

  void watch(StopSignal stop, Supplier<String> line, Supplier<Optional<Throwable>> failure)
      throws InterruptedException {
    String printed = "";
    long nextNanos = System.nanoTime() + interval.toNanos();
    while (!stop.await(LOOK) && failure.get().isEmpty()) {
      if (interval.isZero() || System.nanoTime() < nextNanos) {
        continue;
      }
      nextNanos += interval.toNanos();
      String newest = line.get();
      if (!newest.equals(printed)) {
        printed = newest;
        print(newest);
      }
    }
    if (!interval.isZero() && !line.get().equals(printed)) {
      print(line.get());
    }
  }

  void print(String line) {
    out.println(line);
    out.flush();
  }
}
