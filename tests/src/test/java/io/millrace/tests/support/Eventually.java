package io.millrace.tests.support;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for what another thread or process brings about. */
public final class Eventually {

  /** Far above what any wait takes on a busy machine, so that only a fault reaches it. */
  public static final Duration DEADLINE = Duration.ofSeconds(90);

  private static final long PAUSE_MS = 25;

  private Eventually() {}

  /**
   * Asks until there is an answer.
   *
   * @param what the thing that is waited for, as the failure names it
   * @param seen what is there instead, asked when the time is up
   */
  public static <T> T await(String what, Supplier<Optional<T>> answer, Supplier<String> seen) {
    long end = System.nanoTime() + DEADLINE.toNanos();
    while (true) {
      Optional<T> found = answer.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() > end) {
        return fail(what + ": expected within " + DEADLINE.toSeconds() + " s, got " + seen.get());
      }
      try {
        Thread.sleep(PAUSE_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return fail(what + ": interrupted while waiting", e);
      }
    }
  }
}
