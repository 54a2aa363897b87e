package io.millrace.app.network;

import io.millrace.app.json.JsonOption;
import io.millrace.app.yaml.ConfigException;
import io.millrace.model.spec.NetworkSpec;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code network describe NAME|FILE}: prints the table of layers; 2 for a file with a mistake. */
@Command(
    name = "describe",
    description = "Prints the layers of a network: shapes, parameters and FLOPs.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call.
public final class NetworkDescribeCommand implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean unusedHelp; // Declared for picocli, which prints the help itself.

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "NAME|FILE", description = "small-cnn, lenet5, resnet20 or a file.")
  private String network;

  @Option(
      names = "--kernels",
      description =
          "Show how training computes it: layers in one, the way of each convolution, memory.")
  private boolean kernels;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "With --kernels: the minibatch that memory is planned for.")
  private int batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "With --kernels: the threads that each have a workspace.")
  private int threads;

  @Mixin private JsonOption json = new JsonOption();

  @Override
  public Integer call() {
    try {
      PrintWriter out = spec.commandLine().getOut();
      NetworkSpec loaded = NetworkFiles.load(network, Path.of("").toAbsolutePath());
      if (json.isOn()) {
        NetworkJson.print(loaded, out);
        return ExitCode.OK;
      }
      out.print(kernels ? KernelTable.of(loaded, batch, threads) : NetworkTable.of(loaded));
      out.flush();
      return ExitCode.OK;
    } catch (ConfigException | IllegalArgumentException e) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(e.getMessage());
      err.flush();
      return ExitCode.USAGE;
    }
  }
}
