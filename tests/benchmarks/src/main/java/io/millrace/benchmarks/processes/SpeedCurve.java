package io.millrace.benchmarks.processes;

import java.util.Arrays;

/**
 * The speed of one training in windows of {@link #WINDOW} seconds from the start of its JVM, by the
 * clock or by the time that the process had of all processors. The images of a step count evenly
 * over the time that it took.
 *
 * @param firstStep seconds until the end of the first step
 * @param speeds images/s of each window
 */
record SpeedCurve(double firstStep, double[] speeds) {
  static final double WINDOW = 0.1;

  /** The windows over which a speed has to hold: a second. */
  private static final int HOLD = 10;

  /** Of the seconds at which steps ended. */
  static SpeedCurve of(double[] ends, int imagesOfStep) {
    double last = ends[ends.length - 1];
    double[] images = new double[(int) (last / WINDOW)];
    for (int step = 1; step < ends.length; step++) {
      // Processor time may not have moved between two ends.
      double rate = imagesOfStep / Math.max(1e-6, ends[step] - ends[step - 1]);
      int window = (int) (ends[step - 1] / WINDOW);
      for (; window < images.length && window * WINDOW < ends[step]; window++) {
        double from = Math.max(ends[step - 1], window * WINDOW);
        double to = Math.min(ends[step], (window + 1) * WINDOW);
        images[window] += rate * (to - from);
      }
    }
    for (int window = 0; window < images.length; window++) {
      images[window] /= WINDOW;
    }
    return new SpeedCurve(ends[0], images);
  }

  /** Images/s once all is compiled: the median window of the last third. */
  double steady() {
    return median(Arrays.copyOfRange(speeds, speeds.length * 2 / 3, speeds.length));
  }

  /**
   * Seconds until a share of the steady speed: the start of the first window from which on a
   * second's mean has it.
   */
  double secondsTo(double share) {
    double steady = steady();
    for (int from = 0; from + HOLD <= speeds.length; from++) {
      if (mean(from, from + HOLD) >= share * steady) {
        return from * WINDOW;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** Seconds of steady speed that the start cost, all in all. */
  double secondsLost() {
    return speeds.length * WINDOW * (1 - mean(0, speeds.length) / steady());
  }

  /** Mean images/s of windows [from, to). */
  double mean(int from, int to) {
    double sum = 0;
    for (int window = from; window < to; window++) {
      sum += speeds[window];
    }
    return sum / (to - from);
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
