package io.millrace.app.snapshot;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code snapshot}: what there is to do with published snapshots. */
@Command(
    name = "snapshot",
    description = "Lists, checks, compares and exports published versions.",
    sortOptions = false,
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      GetCommand.class,
      VerifyCommand.class,
      DiffCommand.class,
      ExportCommand.class
    })
public final class SnapshotCommand implements Runnable {
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
    throw new ParameterException(
        spec.commandLine(), "Missing command: expected list, show, get, verify, diff or export");
  }
}
