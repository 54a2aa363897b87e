package io.millrace.benchmarks;

import io.millrace.benchmarks.engines.Quiet;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benchmarks: {@code ./millrace bench COMMAND}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures Millrace beside its peers.",
    subcommands = {LossTrajectory.class, TrainingCommand.class, InferenceCommand.class})
public final class Bench implements Runnable {

  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] arguments) {
    Quiet.peers();
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }
}
