package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.report.CaseResult;
import java.util.List;

/**
 * What a measuring process found.
 *
 * @param images what they were
 */
record Outcome(String images, List<CaseResult> cases) {
  Outcome {
    cases = List.copyOf(cases);
  }
}
