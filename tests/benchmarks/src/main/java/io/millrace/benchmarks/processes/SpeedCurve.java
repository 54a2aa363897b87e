package io.millrace.benchmarks.processes;

import java.util.Arrays;

/**
 * The speed of one training in windows of {@link #WINDOW} seconds from the start of its JVM. The
 * images of a step count evenly over the time that it took.
 *
 * @param firstStep seconds until the end of the first step
 * @param speeds images/s of each window
 * @param processors that the process had on average in the last third; fewer than it has threads
 *     where others took their part
 */
record SpeedCurve(double firstStep, double[] speeds, double processors) {
  static final double WINDOW = 0.1;

  /** The windows over which a speed has to hold: a second. */
  private static final int HOLD = 10;

  /**
   * Of the ends of steps.
   *
   * @param ends seconds since the start
   * @param processorTimes seconds of all processors until then
   * @param seconds of the run; windows that the last step does not fill are left out
   */
  static SpeedCurve of(double[] ends, double[] processorTimes, int imagesOfStep, double seconds) {
    double last = Math.min(seconds, ends[ends.length - 1]);
    double[] images = new double[(int) (last / WINDOW)];
    for (int step = 1; step < ends.length; step++) {
      double rate = imagesOfStep / (ends[step] - ends[step - 1]);
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
    int late = 0;
    while (ends[late] < last * 2 / 3) {
      late++;
    }
    int end = ends.length - 1;
    double processors =
        (processorTimes[end] - processorTimes[late]) / Math.max(1e-9, ends[end] - ends[late]);
    return new SpeedCurve(ends[0], images, processors);
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
