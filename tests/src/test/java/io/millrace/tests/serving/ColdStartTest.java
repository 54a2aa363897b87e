package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.ColdStart;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.serving.SnapshotWriter.Entry;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finding a snapshot on a long topic, and what comes over the network for it. */
class ColdStartTest {
  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder);
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  /** What a subscriber finds, and what it took. */
  private record Start(Snapshot snapshot, ColdStart cost, List<String> told) {}

  private static SnapshotWriter writer(CountingModel model, String name) {
    return Serving.writer(cluster, model, name);
  }

  private static SubscriberConfig config(SnapshotWriter writer) {
    return Serving.config(cluster, writer);
  }

  private static Start start(CountingModel model, SnapshotWriter writer) throws Exception {
    Told told = new Told();
    try (Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber =
            SnapshotSubscriber.start(config(writer), told.and(predictor))) {
      Snapshot snapshot = subscriber.awaitFirst(Eventually.DEADLINE);
      assertArrayEquals(
          model.answer(snapshot.version()), predictor.predict(model.ones()).probabilities());
      ColdStart cost = subscriber.coldStart().orElseThrow();
      assertEquals(snapshot.sizeBytes(), cost.snapshotBytes());
      return new Start(snapshot, cost, told.lines());
    }
  }

  private static void requireAtMostTwo(Start start) {
    assertTrue(
        start.cost().receivedBytes() >= start.cost().snapshotBytes()
            && start.cost().receivedBytes() <= 2 * start.cost().snapshotBytes(),
        () -> "expected one to two snapshots' worth of bytes, got " + start.cost());
  }

  @Test
  void readsAtMostTwoSnapshotsHoweverManyThereAre() throws Exception {
    CountingModel model = CountingModel.million();
    try (SnapshotWriter writer = writer(model, "long")) {
      for (int version = 1; version <= 30; version++) {
        writer.publish(version, 0);
      }
      Start start = start(model, writer);
      assertEquals(30, start.snapshot().version());
      requireAtMostTwo(start);
    }
  }

  @Test
  void tombstonesOfRetiredVersionsAndMarkersCostNextToNothing() throws Exception {
    CountingModel model = CountingModel.million();
    try (SnapshotWriter writer = writer(model, "retiring")) {
      for (int version = 1; version <= 12; version++) {
        writer.publish(version, version - 3);
      }
      Start start = start(model, writer);
      assertEquals(12, start.snapshot().version());
      requireAtMostTwo(start);
    }
  }

  @Test
  void passesOverWhatAnAbortedWriterLeft() throws Exception {
    CountingModel model = CountingModel.million();
    try (SnapshotWriter writer = writer(model, "aborted")) {
      for (int version = 1; version <= 5; version++) {
        writer.publish(version, 0);
      }
      List<Entry> half = writer.entries(6);
      writer.abort(half.subList(0, half.size() / 2));
      Start start = start(model, writer);
      assertEquals(5, start.snapshot().version());
      requireAtMostTwo(start);

      writer.abort(half);
      assertEquals(5, start(model, writer).snapshot().version());
    }
  }

  @Test
  void passesOverACommittedVersionWithoutAManifest() throws Exception {
    CountingModel model = CountingModel.small();
    try (SnapshotWriter writer = writer(model, "unfinished")) {
      writer.publish(1, 0);
      List<Entry> half = writer.entries(2);
      writer.commit(half.subList(0, 2));
      Told told = new Told();
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config(writer), told)) {
        assertEquals(1, subscriber.awaitFirst(Eventually.DEADLINE).version());
        // The rest comes in a transaction of its own.
        writer.commit(half.subList(2, half.size()));
        Serving.awaitVersion(subscriber, 2);
      }
      assertEquals(List.of(), told.lines());
    }
  }

  @Test
  void fallsBackToTheVersionBeforeOneThatIsNotWhole() throws Exception {
    CountingModel model = CountingModel.million();
    try (SnapshotWriter writer = writer(model, "torn")) {
      writer.publish(1, 0);
      writer.publish(2, 0);
      List<Entry> torn = writer.entries(3);
      writer.commit(torn.subList(1, torn.size()));
      writer.commit(writer.entries(4).subList(5, torn.size()));
      Start start = start(model, writer);
      assertEquals(2, start.snapshot().version());
      assertEquals(
          List.of("rejected 4 " + Reason.INCOMPLETE, "rejected 3 " + Reason.INCOMPLETE),
          start.told());
    }
  }

  @Test
  void aVersionThatWasTakenOffIsNotLoaded() throws Exception {
    CountingModel model = CountingModel.small();
    try (SnapshotWriter writer = writer(model, "withdrawn")) {
      writer.publish(1, 0);
      writer.publish(2, 0);
      writer.publish(3, 2);
      writer.commit(model.keys(3).stream().map(key -> new Entry(key, null)).toList());
      assertEquals(1, start(model, writer).snapshot().version());
    }
  }

  @Test
  void anOldVersionIsFoundWithoutReadingHistory() throws Exception {
    CountingModel model = CountingModel.small();
    try (SnapshotWriter writer = writer(model, "old")) {
      for (int version = 1; version <= 200; version++) {
        writer.publish(version, version - 150);
      }
      for (long version : new long[] {51, 52, 123, 200}) {
        SubscriberConfig config =
            config(writer).withSelection(CountingModel.NAME, new ModelSelection.Version(version));
        try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, new Told())) {
          assertEquals(version, subscriber.awaitFirst(Eventually.DEADLINE).version());
        }
      }
    }
  }

  @Test
  void aPinnedVersionIsServedOnceItIsPublished() throws Exception {
    CountingModel model = CountingModel.small();
    try (SnapshotWriter writer = writer(model, "pinned")) {
      writer.publish(1, 0);
      SubscriberConfig config =
          config(writer).withSelection(CountingModel.NAME, new ModelSelection.Version(2));
      Told told = new Told();
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, told)) {
        Serving.awaitLine(told, "unavailable version 2");
        writer.publish(2, 0);
        writer.publish(3, 0);
        assertEquals(2, subscriber.awaitFirst(Eventually.DEADLINE).version());
      }
    }
  }
}
