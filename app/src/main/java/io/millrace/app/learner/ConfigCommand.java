package io.millrace.app.learner;

import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.process.VersionProvider;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the configuration that holds, with every default and what it means. */
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = "Prints every setting: what holds, its default and meaning.")
public final class ConfigCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--markdown",
      description =
          "Prints the reference of all keys with their defaults, which is docs/configuration.md;"
              + " no file is read then.")
  private boolean markdown;

  @Mixin private JsonOption json = new JsonOption();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (markdown) {
      out.print(ConfigReference.markdown());
      out.flush();
      return 0;
    }
    LearnerConfigFile.Loaded loaded = options.load();
    if (json.isOn()) {
      loaded
          .settings()
          .forEach(setting ->
              JsonLine.event("setting")
                  .with("key", setting.path())
                  .with("value", setting.value().orElse(null))
                  .with("default", setting.fallback().orElse(null))
                  .with("expected", setting.expected())
                  .with("description", setting.description())
                  .print(out));
      return 0;
    }
    out.print(loaded.yaml());
    out.flush();
    return 0;
  }
}
