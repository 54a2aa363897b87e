package io.millrace.app.dashboard.history;

import java.util.Arrays;

/**
 * Sums and counts of the points of many intervals, in arrays whose sizes never change. A number
 * that is not finite does not count, so that one bad minibatch leaves the rest of its interval.
 */
final class Buckets {
  private final long[] times;
  private final long[] steps;
  private final long[] images;
  private final double[] sums;
  private final int[] counts;

  Buckets(int size) {
    times = new long[size];
    steps = new long[size];
    images = new long[size];
    sums = new double[size * Point.MEANS];
    counts = new int[size * Point.MEANS];
  }

  void clear(int bucket) {
    int from = bucket * Point.MEANS;
    times[bucket] = 0;
    Arrays.fill(sums, from, from + Point.MEANS, 0);
    Arrays.fill(counts, from, from + Point.MEANS, 0);
  }

  void add(int bucket, Point point) {
    if (point.timeMs() >= times[bucket]) {
      times[bucket] = point.timeMs();
      steps[bucket] = point.step();
      images[bucket] = point.images();
    }
    for (int field = 0; field < Point.MEANS; field++) {
      double value = point.mean(field);
      if (Double.isFinite(value)) {
        sums[bucket * Point.MEANS + field] += value;
        counts[bucket * Point.MEANS + field]++;
      }
    }
  }

  Point point(int bucket) {
    return new Point(
        times[bucket],
        steps[bucket],
        images[bucket],
        mean(bucket, 0),
        mean(bucket, 1),
        mean(bucket, 2),
        mean(bucket, 3),
        mean(bucket, 4),
        mean(bucket, 5),
        mean(bucket, 6),
        mean(bucket, 7));
  }

  private double mean(int bucket, int field) {
    int at = bucket * Point.MEANS + field;
    return counts[at] == 0 ? Double.NaN : sums[at] / counts[at];
  }

  /** What the arrays take. */
  long sizeBytes() {
    return 8L * (times.length + steps.length + images.length + sums.length) + 4L * counts.length;
  }
}
