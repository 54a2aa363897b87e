package io.millrace.benchmarks.processes;

import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import java.util.ArrayList;
import java.util.List;

/** A network and a minibatch, with every number of threads. */
record ScalingCase(String network, int batch, List<Row> rows) {
  ScalingCase {
    rows = List.copyOf(rows);
  }

  /**
   * A number of threads.
   *
   * @param imagesPerSecond over the undisturbed windows
   * @param speedUp over the first row's speed, within each round
   * @param reliable whether there was a round that disturbed neither this nor the first row
   * @param cpuShare CPU time over wall time and threads
   * @param imagesPerCpuSecond in disturbed windows too
   * @param foreign processors that others used meanwhile, in disturbed windows too
   * @param disturbed windows in which others took the processors
   * @param windows in all, disturbed ones included
   */
  record Row(
      int threads,
      Spread imagesPerSecond,
      Spread speedUp,
      boolean reliable,
      Spread cpuShare,
      Spread imagesPerCpuSecond,
      Spread foreign,
      int disturbed,
      int windows) {}

  /** Of the series that the numbers of threads gave, the smallest number's first. */
  static ScalingCase of(String network, int batch, List<Series> series) {
    Series base = series.getFirst();
    List<Row> rows = new ArrayList<>();
    for (Series own : series) {
      rows.add(
          new Row(
              own.threads(),
              own.rate().times(batch),
              own.over(base),
              own.comparable(base),
              own.cpuShare(),
              own.cpuRate().times(batch),
              own.foreign(),
              own.disturbed(),
              own.windows().size()));
    }
    return new ScalingCase(network, batch, rows);
  }

  /**
   * Whether the most threads reach a speed-up, at the median. One that could not be measured does
   * not.
   */
  boolean reaches(double speedUp) {
    Row last = rows.getLast();
    return last.reliable() && last.speedUp().median() >= speedUp;
  }
}
