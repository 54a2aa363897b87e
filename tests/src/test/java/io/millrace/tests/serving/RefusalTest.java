package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.AssemblyResult.Reason;
import io.millrace.serving.Predictor;
import io.millrace.serving.ServingMeters;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.serving.SnapshotWriter.Entry;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots on a real topic that must not be used, while an old one serves. */
class RefusalTest {
  private static final CountingModel MODEL = CountingModel.small();

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

  private static void requireServes(Predictor predictor, long version) {
    assertArrayEquals(
        MODEL.answer(version), predictor.predict(MODEL.ones()).probabilities(), "v" + version);
  }

  @Test
  void whateverIsWrongWithTheNextVersionsTheOldOneServes() throws Exception {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Told told = new Told();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "refused");
        Predictor predictor = new Predictor(Predictor.Options.defaults())) {
      writer.publish(1, 0);
      SubscriberConfig config =
          Serving.config(cluster, writer).withMeters(ServingMeters.of(meters));
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, told.and(predictor))) {
        assertEquals(1, subscriber.awaitFirst(Eventually.DEADLINE).version());
        requireServes(predictor, 1);

        List<Entry> missing = writer.entries(2);
        missing.remove(1);
        writer.commit(missing);
        Serving.awaitLine(told, "rejected 2 INCOMPLETE");
        requireServes(predictor, 1);

        List<Entry> late = writer.entries(3);
        Collections.swap(late, late.size() - 2, late.size() - 1);
        writer.commit(late);
        Serving.awaitLine(told, "rejected 3 INCOMPLETE");

        writer.commit(changed(writer.entries(4), 0, 60));
        Serving.awaitLine(told, "rejected 4 CORRUPT");

        List<Entry> manifest = writer.entries(5);
        writer.commit(changed(manifest, manifest.size() - 1, 60));
        Serving.awaitLine(told, "rejected 5 UNREADABLE");

        // Half of it is taken back, and the rest is committed without it.
        List<Entry> half = writer.entries(6);
        writer.abort(half.subList(0, 2));
        writer.commit(half.subList(2, half.size()));
        Serving.awaitLine(told, "rejected 6 INCOMPLETE");
        requireServes(predictor, 1);

        // The last is doubled and out of order, but right.
        List<Entry> shuffled = writer.entries(7);
        shuffled.addAll(0, shuffled.subList(1, shuffled.size() - 1).reversed());
        writer.commit(new ArrayList<>(shuffled));
        Serving.awaitVersion(subscriber, 7);
        Eventually.await(
            "version 7 at the predictor",
            () -> predictor.snapshot().filter(snapshot -> snapshot.version() == 7),
            told::toString);
        requireServes(predictor, 7);
      }
    }
    assertEquals(5, told.lines().size(), told::toString);
    assertEquals(2, meters.get("millrace.serving.snapshots.loaded").counter().count());
    assertEquals(
        3,
        meters
            .get("millrace.serving.rejected")
            .tag("reason", Reason.INCOMPLETE.name())
            .counter()
            .count());
  }

  private static List<Entry> changed(List<Entry> entries, int index, int at) {
    byte[] value = Objects.requireNonNull(entries.get(index).value()).clone();
    value[at] ^= 1;
    entries.set(index, new Entry(entries.get(index).key(), value));
    return entries;
  }

  @Test
  void onlyVersionsSignedByTrustedKeysAreServed() throws Exception {
    KeyPair old = keys();
    KeyPair next = keys();
    KeyPair stranger = keys();
    TrustedKeys trusted =
        new TrustedKeys(Map.of("2025", old.getPublic(), "2026", next.getPublic()));
    Told told = new Told();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "signed")) {
      SubscriberConfig config = Serving.config(cluster, writer).withTrustedKeys(trusted);
      writer.sign(Optional.of(new Signer("2025", old.getPrivate())));
      writer.publish(1, 0);
      writer.sign(Optional.empty());
      writer.publish(2, 0);
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, told)) {
        // The newest at the start is not trusted either.
        assertEquals(1, subscriber.awaitFirst(Eventually.DEADLINE).version());
        Serving.awaitLine(told, "rejected 2 UNTRUSTED");

        writer.sign(Optional.of(new Signer("stranger", stranger.getPrivate())));
        writer.publish(3, 0);
        Serving.awaitLine(told, "rejected 3 UNTRUSTED");

        writer.sign(Optional.of(new Signer("2026", stranger.getPrivate())));
        writer.publish(4, 0);
        Serving.awaitLine(told, "rejected 4 UNTRUSTED");
        assertEquals(1, subscriber.newest().orElseThrow().version());

        // The key changes, and both are trusted meanwhile.
        writer.sign(Optional.of(new Signer("2026", next.getPrivate())));
        writer.publish(5, 0);
        Serving.awaitVersion(subscriber, 5);
      }
    }
    assertTrue(told.details().getFirst().contains("expected one by [2025, 2026], got none"));
    assertEquals(3, told.lines().size(), told::toString);
  }

  private static KeyPair keys() throws NoSuchAlgorithmException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }
}
