package io.millrace.app.learner;

import io.millrace.app.yaml.ConfigException;
import io.millrace.app.yaml.ConfigReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
    return LearnerConfigFile.load(reader(more), folder());
  }

  /**
   * What the options name, with all of its mistakes instead of the first alone.
   *
   * @param loaded empty where the mistakes leave no configuration
   */
  public record Examined(Optional<LearnerConfigFile.Loaded> loaded, List<String> problems) {
    public Examined {
      problems = List.copyOf(problems);
    }
  }

  /** Reads what the options name, as far as it can be read. */
  public Examined examine() {
    List<String> problems = new ArrayList<>();
    Optional<LearnerConfigFile.Loaded> loaded = Optional.empty();
    try {
      ConfigReader reader = reader(List.of()).lenient();
      try {
        loaded = Optional.of(LearnerConfigFile.load(reader, folder()));
      } finally {
        reader.problems().forEach(problem -> problems.add(String.valueOf(problem.getMessage())));
      }
    } catch (ConfigException | IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    return new Examined(loaded, problems);
  }

  /** Where the configuration comes from, for people. */
  public String source() {
    return chosenFile().map(Path::toString).orElse("defaults (no " + DEFAULT_FILE + " here)");
  }

  private ConfigReader reader(List<String> more) {
    List<String> all = new ArrayList<>(overrides);
    all.addAll(more);
    if (bootstrapServers != null) {
      all.add("kafka.bootstrap.servers=" + bootstrapServers);
    }
    return chosenFile()
        .map(path -> ConfigReader.of(path, all))
        .orElseGet(() -> ConfigReader.withoutFile("defaults", all));
  }

  private Path folder() {
    return chosenFile()
        .flatMap(path -> Optional.ofNullable(path.toAbsolutePath().getParent()))
        .orElseGet(() -> Path.of("").toAbsolutePath());
  }

  private Optional<Path> chosenFile() {
    return Optional.ofNullable(file).or(() -> Optional.of(DEFAULT_FILE).filter(Files::exists));
  }
}
