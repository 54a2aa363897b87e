package io.millrace.app.dashboard.history;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A day of curves in memory that does not grow: the last quarter of an hour in means of a second,
 * an hour of 3 s, six hours of 15 s, a day of a minute. No answer has more than {@link
 * #MAX_POINTS}. Thread-safe.
 */
public final class Curves {
  /** Points of an answer at the most. */
  public static final int MAX_POINTS = 1_500;

  /** The longest time that is kept. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** A point from further in the future comes of a clock that is wrong, and counts as now. */
  private static final long MAX_AHEAD_MS = 60_000;

  private final LongSupplier clock;
  private final List<Ring> rings =
      List.of(
          new Ring(Duration.ofMinutes(15).toMillis(), 1_000),
          new Ring(Duration.ofHours(1).toMillis(), 3_000),
          new Ring(Duration.ofHours(6).toMillis(), 15_000),
          new Ring(LONGEST.toMillis(), 60_000));

  /**
   * Curves without a point.
   *
   * @param clock milliseconds since 1970
   */
  public Curves(LongSupplier clock) {
    this.clock = clock;
  }

  /** Takes a point, whether old or new. */
  public synchronized void add(Point point) {
    long nowMs = clock.getAsLong();
    Point known = point.timeMs() > nowMs + MAX_AHEAD_MS ? at(point, nowMs) : point;
    rings.forEach(ring -> ring.add(known));
  }

  /**
   * The means of the last so many seconds, the oldest first.
   *
   * @param seconds a day at the most; more count as a day
   */
  public synchronized List<Point> last(long seconds) {
    long rangeMs = Math.min(LONGEST.toMillis(), Duration.ofSeconds(seconds).toMillis());
    long nowMs = clock.getAsLong();
    Ring finest =
        rings.stream()
            .filter(ring -> ring.rangeMs() >= rangeMs)
            .findFirst()
            .orElse(rings.getLast());
    return finest.points(nowMs - rangeMs, nowMs + MAX_AHEAD_MS);
  }

  /** What the numbers take, which is the same whether there are any or not. */
  public long sizeBytes() {
    return rings.stream().mapToLong(Ring::sizeBytes).sum();
  }

  private static Point at(Point point, long timeMs) {
    return new Point(
        timeMs,
        point.step(),
        point.images(),
        point.windowLoss(),
        point.windowAccuracy(),
        point.loss(),
        point.accuracy(),
        point.learningRate(),
        point.gradientNorm(),
        point.imagesPerSecond(),
        point.lag());
  }
}
