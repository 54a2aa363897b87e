package io.millrace.app.network;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code network}: what there is to do with network files. */
@Command(
    name = "network",
    description = "Checks network files and prints their layers.",
    subcommands = NetworkDescribeCommand.class)
public final class NetworkCommand implements Runnable {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean unusedHelp; // Declared for picocli, which prints the help itself.

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run.
  private CommandSpec spec;

  /** A usage mistake: the subcommand is missing. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing command: expected describe");
  }
}
