package io.millrace.app.snapshot;

import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotObserved;
import io.millrace.SnapshotProvenance;
import io.millrace.SourceRange;
import io.millrace.TensorInfo;
import io.millrace.topology.replay.PublishedVersions.Published;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** A manifest for people to read. */
final class ManifestText {
  private ManifestText() {}

  static List<String> lines(Published record, SnapshotManifest manifest, List<String> aliases) {
    Columns facts = new Columns(Set.of());
    facts.add("model", manifest.getModel());
    facts.add("version", manifest.getVersion() + (aliases.isEmpty() ? "" : " " + aliases));
    facts.add("parent", manifest.getParentVersion().map(String::valueOf).orElse("none"));
    facts.add("step", SnapshotText.count(manifest.getStep()));
    facts.add("images", SnapshotText.count(manifest.getImages()));
    observed(facts, manifest.getObserved());
    facts.add("sha256", manifest.getSha256());
    facts.add("checksum", manifest.getChecksum());
    facts.add(
        "signature",
        record.keyId() == null
            ? "none"
            : "by key '" + printable(record.keyId()) + "'; verify says whether it is right");
    metrics(facts, manifest.getMetrics());
    provenance(facts, manifest.getProvenance());
    facts.add(
        "input",
        SnapshotText.shape(manifest.getNetwork().getInput())
            + ", mean "
            + manifest.getInput().getMean()
            + ", std "
            + manifest.getInput().getStd());
    facts.add("classes", classes(manifest.getClassNames()));
    facts.add("network", manifest.getNetwork().getName() + ", " + manifest.getNetwork().getLoss());
    facts.add("fingerprint", manifest.getNetworkFingerprint());
    List<String> lines = new ArrayList<>(facts.lines());
    lines.add("");
    lines.addAll(layers(manifest.getNetwork().getNodes()));
    lines.add("");
    lines.addAll(tensors(manifest.getTensors()));
    return lines;
  }

  private static void observed(Columns facts, SnapshotObserved observed) {
    long nowMs = System.currentTimeMillis();
    facts.add(
        "published",
        SnapshotText.time(observed.getTimeMs())
            + " ("
            + SnapshotText.age(observed.getTimeMs(), nowMs)
            + " ago) on "
            + observed.getHost());
    facts.add(
        "with",
        "JDK "
            + observed.getJdk()
            + ", kernels "
            + observed.getKernels()
            + ", "
            + observed.getVectorBits()
            + " bits");
  }

  private static void metrics(Columns facts, SnapshotMetrics metrics) {
    facts.add(
        "window",
        "loss "
            + SnapshotText.number(metrics.getWindowLoss())
            + ", accuracy "
            + SnapshotText.percent(metrics.getWindowAccuracy())
            + " over the last "
            + SnapshotText.count(metrics.getWindowSize())
            + " images");
    facts.add(
        "since start",
        "loss "
            + SnapshotText.number(metrics.getCumulativeLoss())
            + ", accuracy "
            + SnapshotText.percent(metrics.getCumulativeAccuracy()));
  }

  private static void provenance(Columns facts, SnapshotProvenance provenance) {
    for (SourceRange source : provenance.getSources()) {
      facts.add(
          "learned",
          source.getTopic()
              + "-"
              + source.getPartition()
              + ", offsets "
              + source.getFirstOffset()
              + " to "
              + source.getLastOffset());
    }
    facts.add(
        "watermark", provenance.getEventTimeWatermarkMs().map(SnapshotText::time).orElse("none"));
    facts.add("optimizer", new TreeMap<>(provenance.getOptimizer()).toString());
    facts.add("schedule", provenance.getSchedule());
    facts.add("seed", Long.toString(provenance.getSeed()));
    facts.add("code", "Millrace " + provenance.getCodeVersion());
  }

  private static String classes(List<String> names) {
    List<String> numbered = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      numbered.add(i + " " + names.get(i));
    }
    return names.isEmpty() ? "not named" : String.join(", ", numbered);
  }

  private static List<String> layers(List<SnapshotNode> nodes) {
    Columns columns = new Columns(Set.of());
    columns.add("layer", "operation", "takes", "attributes");
    for (SnapshotNode node : nodes) {
      columns.add(
          node.getName(),
          node.getOperation(),
          String.join(" ", node.getInputs()),
          new TreeMap<>(node.getAttributes()).toString());
    }
    return columns.lines();
  }

  private static List<String> tensors(List<TensorInfo> tensors) {
    Columns columns = new Columns(Set.of(3, 4));
    columns.add("tensor", "kind", "shape", "bytes", "chunks", "sha256");
    for (TensorInfo tensor : tensors) {
      columns.add(
          tensor.getName(),
          tensor.getKind().toString(),
          SnapshotText.shape(tensor.getShape()),
          SnapshotText.count(tensor.getSizeBytes()),
          Integer.toString(tensor.getChunks()),
          tensor.getSha256());
    }
    return columns.lines();
  }

  /** A header may hold anything. */
  private static String printable(byte[] header) {
    return new String(header, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
  }
}
