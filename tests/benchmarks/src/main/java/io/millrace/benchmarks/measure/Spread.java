package io.millrace.benchmarks.measure;

import java.util.Arrays;

/**
 * The middle and the ends of several values of one quantity.
 *
 * @param count of the values, at least 1
 */
public record Spread(double median, double min, double max, int count) {
  /**
   * The spread of some values.
   *
   * @throws IllegalArgumentException if there is no value
   */
  public static Spread of(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("spread: expected at least one value, got none");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
  }

  /** The same values in another unit. */
  public Spread times(double factor) {
    return new Spread(median * factor, min * factor, max * factor, count);
  }
}
