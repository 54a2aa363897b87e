package io.millrace.app.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the JVM's shutdown waits until whoever works has
 * closed everything, in the order that it needs.
 */
public final class StopSignal implements AutoCloseable {

  private static final Duration LONGEST_END = Duration.ofSeconds(60);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  public StopSignal() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "millrace-stop"));
  }

  private void stop() {
    asked.countDown();
    try {
      if (!ended.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println(
            "millrace: did not end within " + LONGEST_END.toSeconds() + " s; ending at once");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the signal. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** Waits for the signal; false if it did not come in time. */
  public boolean await(Duration timeout) throws InterruptedException {
    return asked.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** To be called when everything is closed: lets the JVM go. */
  @Override
  public void close() {
    ended.countDown();
  }
}
