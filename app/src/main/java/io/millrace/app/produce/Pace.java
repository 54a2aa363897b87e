package io.millrace.app.produce;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Spreads sends evenly over time. A sender that fell behind catches up at once, but for no more
 * than a second's worth: a long stall is not made good by a burst.
 */
final class Pace {
  private static final long MAX_CATCH_UP_NANOS = 1_000_000_000L;

  private final double nanosPerSend;
  private double dueNanos;

  /**
   * Starts now.
   *
   * @param ratePerSecond sends a second; 0 is as fast as possible
   */
  Pace(double ratePerSecond, long nowNanos) {
    this.nanosPerSend = ratePerSecond == 0 ? 0 : 1e9 / ratePerSecond;
    this.dueNanos = nowNanos;
  }

  /** How long the next send has to wait, in nanoseconds; counts it as done. */
  long nextDelay(long nowNanos) {
    if (nanosPerSend == 0) {
      return 0;
    }
    dueNanos = Math.max(dueNanos, nowNanos - (double) MAX_CATCH_UP_NANOS);
    long delay = Math.max(0, (long) (dueNanos - nowNanos));
    dueNanos += nanosPerSend;
    return delay;
  }

  /** Waits for that long or until the latch is released; returns whether it was. */
  static boolean await(long nanos, CountDownLatch stop) {
    try {
      return nanos > 0 ? stop.await(nanos, TimeUnit.NANOSECONDS) : stop.getCount() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
