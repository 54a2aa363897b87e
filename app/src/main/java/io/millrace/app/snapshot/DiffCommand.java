package io.millrace.app.snapshot;

import io.millrace.SnapshotManifest;
import io.millrace.app.json.JsonText;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.Snapshot;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code snapshot diff}: what became of one version on the way to another. */
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Compares two versions: for each tensor the Euclidean distance, that distance relative to the"
          + " first one's norm, and the largest difference of an element; and what else their"
          + " manifests say differently."
    })
final class DiffCommand implements Callable<Integer> {
  @Mixin private ConfigOptions options = new ConfigOptions();

  @Parameters(index = "0", paramLabel = "N", description = "The first version, or an alias.")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "M",
      defaultValue = SnapshotLibrary.NEWEST,
      description = "The second one (default: ${DEFAULT-VALUE}).")
  private String to = SnapshotLibrary.NEWEST;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() {
    SnapshotLibrary library = SnapshotLibrary.open(options);
    Snapshot first = library.snapshot(from);
    Snapshot second = library.snapshot(to);
    List<TensorDifference> tensors = TensorDifference.all(first.tensors(), second.tensors());
    SortedMap<String, String> before = facts(library.manifest(library.find(from)));
    SortedMap<String, String> after = facts(library.manifest(library.find(to)));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonText.text(json(first, second, tensors, before, after)));
    } else {
      out.printf("%s and version %d%n%n", first, second.version());
      table(tensors).forEach(out::println);
      out.println();
      differing(before, after).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static List<String> table(List<TensorDifference> tensors) {
    Columns columns = new Columns(Set.of(1, 2, 3));
    columns.add("tensor", "distance", "relative", "largest", "");
    double squares = 0;
    for (TensorDifference tensor : tensors) {
      squares += tensor.distance() * tensor.distance();
      if (tensor.comparable()) {
        columns.add(
            tensor.name(),
            SnapshotText.number(tensor.distance()),
            SnapshotText.percent(tensor.relative()),
            SnapshotText.number(tensor.largest()),
            tensor.equal() ? "equal" : "");
      } else {
        columns.add(tensor.name(), "-", "-", "-", "of another shape, or in one of the two only");
      }
    }
    columns.add("all", SnapshotText.number(Math.sqrt(squares)), "", "", "");
    return columns.lines();
  }

  private static List<String> differing(Map<String, String> before, Map<String, String> after) {
    Columns columns = new Columns(Set.of());
    for (String key : keys(before, after)) {
      columns.add(key, before.getOrDefault(key, "none") + " -> " + after.getOrDefault(key, "none"));
    }
    return columns.lines();
  }

  private static Set<String> keys(Map<String, String> before, Map<String, String> after) {
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    keys.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
    return keys;
  }

  private static Map<String, Object> json(
      Snapshot first,
      Snapshot second,
      List<TensorDifference> tensors,
      Map<String, String> before,
      Map<String, String> after) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (TensorDifference tensor : tensors) {
      Map<String, Object> each = new LinkedHashMap<>();
      each.put("tensor", tensor.name());
      each.put("comparable", tensor.comparable());
      each.put("equal", tensor.equal());
      if (tensor.comparable()) {
        each.put("distance", tensor.distance());
        each.put("relative", tensor.relative());
        each.put("largest", tensor.largest());
      }
      list.add(each);
    }
    Map<String, Object> manifest = new LinkedHashMap<>();
    for (String key : keys(before, after)) {
      manifest.put(key, Arrays.asList(before.get(key), after.get(key)));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model", first.model());
    json.put("from", first.version());
    json.put("to", second.version());
    json.put("tensors", list);
    json.put("manifest", manifest);
    return json;
  }

  /** What a manifest says beside the tensors, as text by name. */
  private static SortedMap<String, String> facts(SnapshotManifest manifest) {
    SortedMap<String, String> facts = new TreeMap<>();
    facts.put("version", Long.toString(manifest.getVersion()));
    facts.put("parentVersion", manifest.getParentVersion().map(String::valueOf).orElse("none"));
    facts.put("step", Long.toString(manifest.getStep()));
    facts.put("images", Long.toString(manifest.getImages()));
    facts.put("networkFingerprint", manifest.getNetworkFingerprint());
    facts.put("input.mean", manifest.getInput().getMean().toString());
    facts.put("input.std", manifest.getInput().getStd().toString());
    facts.put("classNames", manifest.getClassNames().toString());
    facts.put("sha256", SnapshotText.prefix(manifest.getSha256()));
    facts.put("seed", Long.toString(manifest.getProvenance().getSeed()));
    manifest
        .getProvenance()
        .getOptimizer()
        .forEach((name, value) -> facts.put("optimizer." + name, value));
    facts.put("schedule", manifest.getProvenance().getSchedule());
    facts.put("codeVersion", manifest.getProvenance().getCodeVersion());
    manifest
        .getProvenance()
        .getSources()
        .forEach(source ->
            facts.put(
                "source." + source.getTopic() + "-" + source.getPartition(),
                source.getFirstOffset() + ".." + source.getLastOffset()));
    manifest
        .getProvenance()
        .getEventTimeWatermarkMs()
        .ifPresent(ms -> facts.put("watermark", SnapshotText.time(ms)));
    facts.put("windowAccuracy", SnapshotText.percent(manifest.getMetrics().getWindowAccuracy()));
    facts.put("windowLoss", SnapshotText.number(manifest.getMetrics().getWindowLoss()));
    facts.put("published", SnapshotText.time(manifest.getObserved().getTimeMs()));
    facts.put("host", manifest.getObserved().getHost());
    facts.put("jdk", manifest.getObserved().getJdk());
    facts.put(
        "kernels",
        manifest.getObserved().getKernels() + ", " + manifest.getObserved().getVectorBits());
    return facts;
  }
}
