package io.millrace.app.snapshot;

import io.millrace.SnapshotManifest;
import io.millrace.app.json.JsonText;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.schemas.InvalidRecordException;
import io.millrace.topology.replay.PublishedVersions.Published;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code snapshot list}: a line for each version on the topic. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = "Lists the published versions of a model, the newest last.")
final class ListCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    SnapshotLibrary library = SnapshotLibrary.open(options);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.text(json(library)));
    } else {
      table(library).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static List<String> table(SnapshotLibrary library) {
    long nowMs = System.currentTimeMillis();
    Columns columns = new Columns(Set.of(0, 1, 2, 3, 4, 6));
    columns.add("version", "step", "images", "accuracy", "parent", "sha256", "age", "aliases");
    for (Published record : library.published().manifests().values()) {
      String version = Long.toString(record.version());
      try {
        SnapshotManifest manifest = record.open();
        columns.add(
            version,
            SnapshotText.count(manifest.getStep()),
            SnapshotText.count(manifest.getImages()),
            SnapshotText.percent(manifest.getMetrics().getWindowAccuracy()),
            manifest.getParentVersion().map(String::valueOf).orElse("-"),
            SnapshotText.prefix(manifest.getSha256()),
            SnapshotText.age(manifest.getObserved().getTimeMs(), nowMs),
            String.join(" ", library.aliases().of(record.version())));
      } catch (InvalidRecordException e) {
        columns.add(version, "-", "-", "-", "-", "unreadable", "-", "");
      }
    }
    return columns.lines();
  }

  private static List<Map<String, @Nullable Object>> json(SnapshotLibrary library) {
    List<Map<String, @Nullable Object>> versions = new ArrayList<>();
    for (Published record : library.published().manifests().values()) {
      Map<String, @Nullable Object> version = new LinkedHashMap<>();
      version.put("version", record.version());
      try {
        SnapshotManifest manifest = record.open();
        version.put("step", manifest.getStep());
        version.put("images", manifest.getImages());
        version.put("windowAccuracy", manifest.getMetrics().getWindowAccuracy());
        version.put("windowLoss", manifest.getMetrics().getWindowLoss());
        version.put("parentVersion", manifest.getParentVersion().orElse(null));
        version.put("sha256", manifest.getSha256());
        version.put("sizeBytes", SnapshotText.sizeBytes(manifest));
        version.put("publishedMs", manifest.getObserved().getTimeMs());
      } catch (InvalidRecordException e) {
        version.put("problem", e.getMessage());
      }
      version.put("aliases", library.aliases().of(record.version()));
      versions.add(version);
    }
    return versions;
  }
}
