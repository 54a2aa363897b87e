package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.FmaPeak;
import java.util.List;

/**
 * All that one command measured.
 *
 * @param kind {@code training} or {@code inference}
 * @param images what they were
 * @param peaks the machine's, for each number of threads and width of vectors
 */
public record Report(
    Context context,
    String kind,
    String images,
    Effort effort,
    List<FmaPeak.Peak> peaks,
    List<CaseResult> cases) {
  public Report {
    peaks = List.copyOf(peaks);
    cases = List.copyOf(cases);
  }

  /** The higher peak of all vector widths, in GFLOP/s; NaN if none was measured. */
  public double peak(int threads) {
    return peaks.stream()
        .filter(peak -> peak.threads() == threads)
        .mapToDouble(FmaPeak.Peak::gflops)
        .max()
        .orElse(Double.NaN);
  }
}
