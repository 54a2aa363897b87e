package io.millrace.app.snapshot;

import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotExport;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot export}: a version in another program's format. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Checks a version and writes it to a file for other programs: the weights as safetensors, or"
          + " the whole network as ONNX.",
      "An ONNX model takes 'input', float32 [N, C, H, W] normalized as the snapshot says, and gives"
          + " 'logits' [N, classes]."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      paramLabel = "N",
      defaultValue = SnapshotLibrary.NEWEST,
      description = "A version's number, 'newest' or an alias (default: ${DEFAULT-VALUE}).")
  private String version = SnapshotLibrary.NEWEST;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES}; without this option, as the file's name ends.")
  private SnapshotFile.@Nullable Format format;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      required = true,
      description = "The file to write; it appears when it is whole.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private Path file;

  @Option(names = "--force", description = "Replaces a file that is there.")
  private boolean force;

  @Option(
      names = "--raw-pixels",
      description =
          "ONNX: the model takes 'pixels', unsigned bytes, and normalizes them by itself.")
  private boolean rawPixels;

  @Option(
      names = "--probabilities",
      description = "ONNX: the model gives 'probabilities', too, the softmax of the logits.")
  private boolean probabilities;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    SnapshotFile.Format chosen = format();
    if (chosen != SnapshotFile.Format.ONNX && (rawPixels || probabilities)) {
      throw new ParameterException(
          spec.commandLine(), "--raw-pixels and --probabilities: expected --format onnx");
    }
    Snapshot snapshot = SnapshotLibrary.open(options).snapshot(version);
    WholeFile.Content content =
        switch (chosen) {
          case SAFETENSORS -> out -> SnapshotExport.safetensors(snapshot, out);
          case ONNX -> out -> SnapshotExport.onnx(snapshot, rawPixels, probabilities, out);
        };
    SnapshotFile.write(snapshot, file, force, spec.commandLine().getOut(), content);
    return 0;
  }

  private SnapshotFile.Format format() {
    if (format != null) {
      return format;
    }
    String name = file.toString();
    for (SnapshotFile.Format candidate : SnapshotFile.Format.values()) {
      if (name.endsWith("." + candidate.name().toLowerCase(Locale.ROOT))) {
        return candidate;
      }
    }
    throw new ParameterException(
        spec.commandLine(),
        "--format: expected safetensors or onnx, or a file that ends so, got " + name);
  }
}
