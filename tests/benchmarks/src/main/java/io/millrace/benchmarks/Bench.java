package io.millrace.benchmarks;

import io.millrace.benchmarks.engines.Quiet;
import io.millrace.benchmarks.guards.GuardBenchmark;
import io.millrace.benchmarks.kernels.KernelAccuracy;
import io.millrace.benchmarks.kernels.KernelSpeed;
import io.millrace.benchmarks.processes.Allocation;
import io.millrace.benchmarks.processes.Determinism;
import io.millrace.benchmarks.processes.Scaling;
import io.millrace.benchmarks.processes.Startup;
import io.millrace.benchmarks.serving.ColdStartBenchmark;
import io.millrace.benchmarks.serving.SwapBenchmark;
import io.millrace.benchmarks.topology.Commits;
import io.millrace.benchmarks.topology.Freshness;
import io.millrace.benchmarks.topology.PageCost;
import io.millrace.benchmarks.topology.Streams;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks: {@code ./millrace bench COMMAND}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Measures Millrace beside its peers; without a command, training and then inference.",
    subcommands = {
      TrainingCommand.class,
      InferenceCommand.class,
      LossTrajectory.class,
      KernelSpeed.class,
      KernelAccuracy.class,
      Determinism.class,
      Scaling.class,
      Allocation.class,
      Startup.class,
      GuardBenchmark.class,
      Streams.class,
      Commits.class,
      Freshness.class,
      PageCost.class,
      SwapBenchmark.class,
      ColdStartBenchmark.class
    })
public final class Bench implements Callable<Integer> {

  /** Without a command: training and inference, with their defaults. */
  @Override
  public Integer call() throws IOException {
    int training = new TrainingCommand().call();
    int inference = new InferenceCommand().call();
    return Math.max(training, inference);
  }

  public static void main(String[] arguments) {
    Quiet.peers();
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
