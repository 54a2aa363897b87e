package io.millrace.tests.serving;

import io.millrace.serving.AssemblyResult.Rejected;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a listener hears, except for snapshots. */
final class Told implements SnapshotListener {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> details = new CopyOnWriteArrayList<>();

  @Override
  public void onSnapshot(Snapshot snapshot) {}

  @Override
  public void onRejected(Rejected rejected, String topic, long offset) {
    details.add(rejected.toString());
    lines.add("rejected " + rejected.version() + " " + rejected.reason());
  }

  @Override
  public void onAlias(String alias, OptionalLong version) {
    lines.add("alias " + alias + " " + (version.isPresent() ? version.getAsLong() : "deleted"));
  }

  @Override
  public void onUnavailable(ModelSelection selection, String reason) {
    details.add(reason);
    lines.add("unavailable " + selection);
  }

  @Override
  public void onStale(Snapshot snapshot, long ageMs) {
    lines.add("stale " + snapshot.version() + " " + ageMs);
  }

  /** Another listener that hears everything first. */
  SnapshotListener and(SnapshotListener other) {
    return SnapshotListener.all(other, this);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /** What was refused or missing, in full. */
  List<String> details() {
    return List.copyOf(details);
  }

  /** The first line that begins so. */
  Optional<String> first(String prefix) {
    return lines.stream().filter(line -> line.startsWith(prefix)).findFirst();
  }

  @Override
  public String toString() {
    return lines + " " + details;
  }
}
