package io.millrace.benchmarks;

import io.millrace.benchmarks.comparison.Plan;
import io.millrace.benchmarks.engines.Engines;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measures the whole training step. */
@Command(
    name = "training",
    mixinStandardHelpOptions = true,
    description = "Measures the whole training step beside libtorch and Deeplearning4j.")
final class TrainingCommand implements Callable<Integer> {
  @Mixin private MeasureOptions options = new MeasureOptions();

  @Override
  public Integer call() throws IOException {
    return options.run(Plan.Kind.TRAINING, List.of(32, 128), Engines.TRAINERS);
  }
}
