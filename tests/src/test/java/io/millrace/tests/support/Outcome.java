package io.millrace.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.MetricsObserved;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotObserved;
import io.millrace.TrainingMetrics;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * All that a run has said, without what the clock and the machine decide: the fields {@code
 * observed}, and the checksum that covers one of them.
 */
public record Outcome(List<SnapshotManifest> manifests, List<TrainingMetrics> metrics) {

  public Outcome {
    for (SnapshotManifest manifest : manifests) {
      manifest.setObserved(new SnapshotObserved(0L, "", "", 0, ""));
      manifest.setChecksum("");
    }
    metrics.forEach(
        each -> each.setObserved(new MetricsObserved(0L, 0.0, Map.of(), "", 0.0, -1L, -1L)));
  }

  /**
   * Fails, and names the first field that differs, unless this run said what {@code other} said.
   */
  public void assertSameAs(Outcome other) {
    assertEquals(
        other.manifests.stream().map(SnapshotManifest::getSha256).toList(),
        manifests.stream().map(SnapshotManifest::getSha256).toList(),
        "weights of each snapshot");
    assertSame("metrics", other.metrics, metrics);
    assertSame("manifest", other.manifests, manifests);
  }

  private static void assertSame(
      String what, List<? extends IndexedRecord> expected, List<? extends IndexedRecord> actual) {
    assertEquals(expected.size(), actual.size(), () -> what + ": records");
    for (int i = 0; i < expected.size(); i++) {
      for (Schema.Field field : expected.get(i).getSchema().getFields()) {
        assertEquals(
            expected.get(i).get(field.pos()),
            actual.get(i).get(field.pos()),
            what + " " + (i + 1) + ": " + field.name());
      }
    }
  }

  /** The last snapshot. */
  public SnapshotManifest last() {
    return manifests.isEmpty() ? fail("expected a snapshot, got none") : manifests.getLast();
  }
}
