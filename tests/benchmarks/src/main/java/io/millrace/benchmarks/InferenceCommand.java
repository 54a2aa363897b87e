package io.millrace.benchmarks;

import io.millrace.benchmarks.comparison.Plan;
import io.millrace.benchmarks.engines.Engines;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures prediction. */
@Command(
    name = "inference",
    mixinStandardHelpOptions = true,
    description = "Measures prediction beside ONNX Runtime, libtorch and Deeplearning4j.")
final class InferenceCommand implements Callable<Integer> {
  @Mixin private MeasureOptions options = new MeasureOptions();

  @Override
  public Integer call() throws IOException {
    return options.run(Plan.Kind.INFERENCE, List.of(1, 64), Engines.PREDICTORS);
  }
}
