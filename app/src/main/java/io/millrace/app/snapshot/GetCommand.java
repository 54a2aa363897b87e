package io.millrace.app.snapshot;

import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotExport;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot get}: the weights of a version as a file. */
@Command(
    name = "get",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = "Checks a version and writes its weights to a file, as safetensors.")
final class GetCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      paramLabel = "N",
      defaultValue = SnapshotLibrary.NEWEST,
      description = "A version's number, 'newest' or an alias (default: ${DEFAULT-VALUE}).")
  private String version = SnapshotLibrary.NEWEST;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; it appears when it is whole.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private Path file;

  @Option(names = "--force", description = "Replaces a file that is there.")
  private boolean force;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    Snapshot snapshot = SnapshotLibrary.open(options).snapshot(version);
    SnapshotFile.write(
        snapshot,
        file,
        force,
        spec.commandLine().getOut(),
        out -> SnapshotExport.safetensors(snapshot, out));
    return 0;
  }
}
