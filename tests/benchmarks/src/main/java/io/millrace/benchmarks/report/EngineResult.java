package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import java.util.List;

/**
 * One engine's figures in one case.
 *
 * @param imagesPerSecond over the undisturbed windows
 * @param millraceRatio Millrace's speed over this engine's, within each round; 1 for Millrace
 * @param reliable whether there was a round that disturbed neither Millrace nor this
 * @param cpuShare CPU time over wall time and threads, the median
 * @param disturbed windows in which others took the processors
 * @param windows in all, disturbed ones included
 * @param check what was compared before the figure was taken, and what came out
 */
public record EngineResult(
    String engine,
    Spread imagesPerSecond,
    Spread millraceRatio,
    boolean reliable,
    double cpuShare,
    int disturbed,
    int windows,
    String check) {
  /**
   * The figures of one of several series.
   *
   * @param series of one measurement, Millrace's first
   * @param imagesPerRepetition the batch
   */
  public static EngineResult of(
      List<Series> series, int index, int imagesPerRepetition, String check) {
    Series own = series.get(index);
    return new EngineResult(
        own.name(),
        own.rate().times(imagesPerRepetition),
        series.getFirst().over(own),
        series.getFirst().comparable(own),
        own.cpuShare().median(),
        own.disturbed(),
        own.windows().size(),
        check);
  }
}
