package io.millrace.app;

import io.millrace.app.broker.BrokerCommand;
import io.millrace.app.control.ControlCommands;
import io.millrace.app.dashboard.DashboardCommand;
import io.millrace.app.demo.DemoCommand;
import io.millrace.app.doctor.DoctorCommand;
import io.millrace.app.downstream.ConsumeCommand;
import io.millrace.app.downstream.JoinLabelsCommand;
import io.millrace.app.downstream.PredictCommand;
import io.millrace.app.downstream.TensorBoardCommand;
import io.millrace.app.learner.AclsCommand;
import io.millrace.app.learner.ConfigCommand;
import io.millrace.app.learner.ReplayCommand;
import io.millrace.app.learner.TopicsCommand;
import io.millrace.app.learner.TrainCommand;
import io.millrace.app.network.NetworkCommand;
import io.millrace.app.process.VersionProvider;
import io.millrace.app.produce.ExportImagesCommand;
import io.millrace.app.produce.ProduceCommand;
import io.millrace.app.promote.PromoteCommand;
import io.millrace.app.serve.ServeCommand;
import io.millrace.app.snapshot.SnapshotCommand;
import io.millrace.app.terminal.TerminalSize;
import io.millrace.schemas.AvroLimits;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The command line: {@code ./millrace COMMAND}. */
@Command(
    name = "millrace",
    description = "A convolutional network that learns from a Kafka topic.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = VersionProvider.class,
    footer = {
      "",
      "Besides these, ./millrace test runs the tests and ./millrace bench measures.",
      "./millrace help COMMAND says more of one. Something does not work: ./millrace doctor.",
      "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration."
    },
    subcommands = {
      DemoCommand.class,
      TrainCommand.class,
      ProduceCommand.class,
      ConsumeCommand.class,
      PredictCommand.class,
      JoinLabelsCommand.class,
      ControlCommands.class,
      PromoteCommand.class,
      ServeCommand.class,
      DashboardCommand.class,
      ReplayCommand.class,
      TensorBoardCommand.class,
      TopicsCommand.class,
      SnapshotCommand.class,
      NetworkCommand.class,
      ConfigCommand.class,
      AclsCommand.class,
      BrokerCommand.class,
      ExportImagesCommand.class,
      DoctorCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Runnable {

  /** Columns of help texts; a longer line is harder to read. */
  private static final int MOST_WIDTH = 100;

  private static final int LEAST_WIDTH = 60;

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Shows where an error came from.")
  private boolean verbose;

  /** Without a command there is nothing to do but help. */
  @Override
  public void run() {
    CommandLine.usage(this, System.out);
  }

  public static void main(String[] arguments) {
    AvroLimits.set();
    System.exit(execute(arguments));
  }

  static int execute(String... arguments) {
    return commandLine().execute(arguments);
  }

  /** Runs one command, which prints to {@code out} and {@code err}; returns the exit code. */
  public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
    return commandLine().setOut(out).setErr(err).execute(arguments);
  }

  private static CommandLine commandLine() {
    Main main = new Main();
    CommandLine commandLine =
        new CommandLine(main)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpWidth(Math.clamp(TerminalSize.columns(), LEAST_WIDTH, MOST_WIDTH))
            .setParameterExceptionHandler(new UsageMistakes())
            .setExecutionExceptionHandler(main::report);
    CommandSections.install(commandLine);
    return commandLine;
  }

  /** One line that says what to do; the trace only where it is asked for. */
  private int report(Exception error, CommandLine command, ParseResult result) {
    if (verbose) {
      error.printStackTrace(command.getErr());
    } else {
      command.getErr().println("millrace: " + ErrorMessages.of(error));
      command.getErr().println("millrace: add --verbose to see where this came from");
    }
    return ErrorMessages.isUsage(error) ? CommandLine.ExitCode.USAGE : 1;
  }
}
