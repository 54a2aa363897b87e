package io.millrace.model.inspection;

/**
 * How values are spread, in bins of equal width.
 *
 * @param low the smallest finite value; 0 where there is none
 * @param high the largest finite value; 0 where there is none
 * @param counts values in each bin, a value equal to {@code high} in the last; empty where no value
 *     is finite
 * @param notFinite values that are infinite or not a number
 */
public record Histogram(float low, float high, int[] counts, int notFinite) {
  /** Bins of every histogram. */
  public static final int BINS = 40;

  /** The first {@code count} values of an array. */
  public static Histogram of(float[] values, int count) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    int notFinite = 0;
    for (int i = 0; i < count; i++) {
      float value = values[i];
      if (Float.isFinite(value)) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      } else {
        notFinite++;
      }
    }
    if (low > high) {
      return new Histogram(0, 0, new int[0], notFinite);
    }
    int[] counts = new int[BINS];
    // In double, since the range of two floats may be no float.
    double perValue = high > low ? BINS / ((double) high - low) : 0;
    for (int i = 0; i < count; i++) {
      if (Float.isFinite(values[i])) {
        counts[Math.min(BINS - 1, (int) (((double) values[i] - low) * perValue))]++;
      }
    }
    return new Histogram(low, high, counts, notFinite);
  }
}
