package io.millrace.benchmarks.processes;

import java.util.Arrays;

/**
 * What the steps of one training allocated, on all threads that took part.
 *
 * @param firstStep bytes of the very first step
 * @param stepsUntilNone steps before the first window that allocated nothing; -1 if none did in the
 *     time given
 * @param windows bytes of each window from then on, that one not included
 * @param stepsOfWindow in each
 */
record AllocationResult(long firstStep, int stepsUntilNone, long[] windows, int stepsOfWindow) {

  /** Whether a step allocates nothing once all is compiled: no byte in most of the windows. */
  boolean nothing() {
    return stepsUntilNone >= 0 && windows.length > 0 && median() == 0;
  }

  /** Windows that allocated nothing. */
  int empty() {
    return (int) Arrays.stream(windows).filter(bytes -> bytes == 0).count();
  }

  /** Bytes a step in the middle window. */
  double median() {
    return SpeedCurve.median(Arrays.stream(windows).mapToDouble(b -> b).toArray()) / stepsOfWindow;
  }

  /** Bytes a step in the window with the most. */
  double most() {
    return (double) Arrays.stream(windows).max().orElse(0) / stepsOfWindow;
  }
}
