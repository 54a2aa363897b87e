package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.measure.FmaPeak;
import io.millrace.benchmarks.report.CaseResult;
import java.util.List;

/**
 * What a measuring process found.
 *
 * @param images what they were
 */
record Outcome(String images, List<FmaPeak.Peak> peaks, List<CaseResult> cases) {
  Outcome {
    peaks = List.copyOf(peaks);
    cases = List.copyOf(cases);
  }
}
