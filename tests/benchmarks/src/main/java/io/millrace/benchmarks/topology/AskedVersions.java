package io.millrace.benchmarks.topology;

import io.millrace.serving.Predictor;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/** Asks for a prediction every millisecond, and notes when each version first answered. */
final class AskedVersions implements AutoCloseable {
  private static final long EVERY_NANOS = 1_000_000;

  private final ConcurrentSkipListMap<Long, Long> firstNanos = new ConcurrentSkipListMap<>();
  private final Thread thread;
  private volatile boolean closed;

  private AskedVersions(Predictor predictor, byte[] pixels) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("asks for predictions")
            .unstarted(() -> {
              while (!closed) {
                if (predictor.snapshot().isPresent()) {
                  long version = predictor.predict(List.of(pixels)).getFirst().version();
                  firstNanos.putIfAbsent(version, System.nanoTime());
                }
                LockSupport.parkNanos(EVERY_NANOS);
              }
            });
  }

  static AskedVersions ask(Predictor predictor, byte[] pixels) {
    AskedVersions asked = new AskedVersions(predictor, pixels);
    asked.thread.start();
    return asked;
  }

  /** Waits until a version or a newer one has answered. */
  void await(long version, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (firstNanos.ceilingKey(version) == null) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            "expected an answer of version "
                + version
                + " within "
                + patience.toSeconds()
                + " s, got "
                + firstNanos.lastEntry());
      }
      Thread.sleep(10);
    }
  }

  /** When each version answered first, as {@link System#nanoTime} has it. */
  NavigableMap<Long, Long> firstNanos() {
    return firstNanos;
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
