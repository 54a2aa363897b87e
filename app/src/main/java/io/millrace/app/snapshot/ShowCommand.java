package io.millrace.app.snapshot;

import io.millrace.SnapshotManifest;
import io.millrace.app.json.JsonText;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.replay.PublishedVersions.Published;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot show}: the whole manifest. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = "Prints all that the manifest of a version says.")
final class ShowCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(
      paramLabel = "N",
      defaultValue = SnapshotLibrary.NEWEST,
      description = "A version's number, 'newest' or an alias (default: ${DEFAULT-VALUE}).")
  private String version = SnapshotLibrary.NEWEST;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    SnapshotLibrary library = SnapshotLibrary.open(options);
    Published record = library.find(version);
    SnapshotManifest manifest = library.manifest(record);
    List<String> aliases = library.aliases().of(record.version());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, @Nullable Object> all = JsonText.map(manifest);
      all.put("aliases", aliases);
      out.println(JsonText.text(all));
    } else {
      ManifestText.lines(record, manifest, aliases).forEach(out::println);
    }
    out.flush();
    return 0;
  }
}
