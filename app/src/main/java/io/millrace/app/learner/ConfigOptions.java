package io.millrace.app.learner;

import io.millrace.app.yaml.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that takes a learner's configuration. */
public final class ConfigOptions {

  private static final Path DEFAULT_FILE = Path.of("millrace.yaml");

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The configuration; without this option millrace.yaml of the current folder, if there is"
              + " one, and else the defaults.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Overrides a key of the configuration, as in --set minibatch.size=64.")
  private List<String> overrides = new ArrayList<>();

  @Option(
      names = {"-b", "--bootstrap-servers"},
      paramLabel = "HOST:PORT",
      description = "Overrides kafka.bootstrap.servers.")
  private @Nullable String bootstrapServers;

  /** Reads what the options name. */
  public LearnerConfigFile.Loaded load() {
    return load(List.of());
  }

  /** The same, with a command's own overrides behind the user's. */
  LearnerConfigFile.Loaded load(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    if (bootstrapServers != null) {
      all.add("kafka.bootstrap.servers=" + bootstrapServers);
    }
    Path path = file;
    if (path == null && Files.exists(DEFAULT_FILE)) {
      path = DEFAULT_FILE;
    }
    if (path == null) {
      return LearnerConfigFile.load(
          ConfigReader.withoutFile("defaults", all), Path.of("").toAbsolutePath());
    }
    Path folder = path.toAbsolutePath().getParent();
    return LearnerConfigFile.load(
        ConfigReader.of(path, all), folder == null ? Path.of("").toAbsolutePath() : folder);
  }
}
