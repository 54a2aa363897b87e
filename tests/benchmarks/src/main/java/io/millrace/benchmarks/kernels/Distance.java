package io.millrace.benchmarks.kernels;

import java.util.Locale;

/**
 * How far a tensor is from its reference.
 *
 * @param max the largest difference over the largest element of the reference
 * @param rms root mean square of the differences over that of the reference
 */
record Distance(double max, double rms) {

  static Distance of(double[] reference, float[] actual) {
    double largest = 0;
    double difference = 0;
    double squares = 0;
    double differenceSquares = 0;
    for (int i = 0; i < reference.length; i++) {
      double d = actual[i] - reference[i];
      largest = Math.max(largest, Math.abs(reference[i]));
      difference = Math.max(difference, Math.abs(d));
      squares += reference[i] * reference[i];
      differenceSquares += d * d;
    }
    return new Distance(difference / largest, Math.sqrt(differenceSquares / squares));
  }

  /** Written so that NaN is not within any bound. */
  boolean within(double bound) {
    return max <= bound && rms <= bound;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1e, %.1e", max, rms);
  }
}
