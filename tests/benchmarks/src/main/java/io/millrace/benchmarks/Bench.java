package io.millrace.benchmarks;

import io.millrace.benchmarks.kernels.KernelAccuracy;
import io.millrace.benchmarks.kernels.KernelSpeed;
import io.millrace.benchmarks.processes.Determinism;
import io.millrace.benchmarks.processes.Startup;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks: {@code ./millrace bench COMMAND}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures Millrace beside its peers.",
    subcommands = {
      LossTrajectory.class,
      KernelSpeed.class,
      KernelAccuracy.class,
      Determinism.class,
      Startup.class
    })
public final class Bench implements Runnable {

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
