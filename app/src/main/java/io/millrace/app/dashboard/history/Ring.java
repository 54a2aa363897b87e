package io.millrace.app.dashboard.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The means of the last so many intervals of equal length. Points may come in any order: the past
 * is read while the present arrives. A point older than what its place holds by now is passed over.
 */
final class Ring {
  private static final long NONE = Long.MIN_VALUE;

  private final long rangeMs;
  private final long intervalMs;
  private final long[] intervals;
  private final Buckets buckets;

  /**
   * An empty ring.
   *
   * @param rangeMs how far back it reaches
   * @param intervalMs over which means are taken
   */
  Ring(long rangeMs, long intervalMs) {
    this.rangeMs = rangeMs;
    this.intervalMs = intervalMs;
    // The present interval has only begun, and the oldest is not yet wholly out of range.
    int size = Math.toIntExact(rangeMs / intervalMs) + 1;
    intervals = new long[size];
    Arrays.fill(intervals, NONE);
    buckets = new Buckets(size);
  }

  long rangeMs() {
    return rangeMs;
  }

  void add(Point point) {
    long interval = Math.floorDiv(point.timeMs(), intervalMs);
    int bucket = (int) Math.floorMod(interval, (long) intervals.length);
    if (intervals[bucket] > interval) {
      return;
    }
    if (intervals[bucket] < interval) {
      intervals[bucket] = interval;
      buckets.clear(bucket);
    }
    buckets.add(bucket, point);
  }

  /** The means of the intervals that begin in (from, to], the oldest first. */
  List<Point> points(long fromMs, long toMs) {
    List<Point> points = new ArrayList<>();
    long first = Math.floorDiv(fromMs, intervalMs) + 1;
    long last = Math.floorDiv(toMs, intervalMs);
    for (long interval = first; interval <= last; interval++) {
      int bucket = (int) Math.floorMod(interval, (long) intervals.length);
      if (intervals[bucket] == interval) {
        points.add(buckets.point(bucket));
      }
    }
    return points;
  }

  long sizeBytes() {
    return 8L * intervals.length + buckets.sizeBytes();
  }
}
