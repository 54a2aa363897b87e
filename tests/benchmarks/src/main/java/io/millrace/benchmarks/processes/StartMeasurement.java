package io.millrace.benchmarks.processes;

import java.util.List;

/**
 * One start of a JVM that trains. Processor time is what neighbours on the machine hardly change.
 *
 * @param wall by the clock
 * @param processor by the process's time of all processors, compilers included
 * @param processors that the process had on average in the last third; fewer than it has threads
 *     where others took their part
 */
record StartMeasurement(SpeedCurve wall, SpeedCurve processor, double processors) {

  /** Of what {@link TimedTraining} printed. */
  static StartMeasurement of(List<String> lines) {
    double[] ends = column(lines, 0);
    double[] processorTimes = column(lines, 1);
    int last = ends.length - 1;
    int late = 0;
    while (ends[late] < ends[last] * 2 / 3) {
      late++;
    }
    return new StartMeasurement(
        SpeedCurve.of(ends, RealTraining.BATCH),
        SpeedCurve.of(processorTimes, RealTraining.BATCH),
        (processorTimes[last] - processorTimes[late]) / (ends[last] - ends[late]));
  }

  private static double[] column(List<String> lines, int column) {
    return lines.stream()
        .mapToDouble(line -> Double.parseDouble(line.split(" ", -1)[column]))
        .toArray();
  }
}
