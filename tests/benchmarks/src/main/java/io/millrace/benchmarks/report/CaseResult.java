package io.millrace.benchmarks.report;

import java.util.List;

/**
 * A network, a batch and a number of threads, on every engine.
 *
 * @param flopsPerImage floating-point operations counted for one image
 * @param engines Millrace first; those without a figure are missing
 * @param failures one line for each engine without a figure
 */
public record CaseResult(
    String network,
    int batch,
    int threads,
    long flopsPerImage,
    List<EngineResult> engines,
    List<String> failures) {
  public CaseResult {
    engines = List.copyOf(engines);
    failures = List.copyOf(failures);
  }

  /** An engine's speed in 1e9 floating-point operations per second, at its median. */
  public double gflops(EngineResult engine) {
    return engine.imagesPerSecond().median() * flopsPerImage * 1e-9;
  }
}
