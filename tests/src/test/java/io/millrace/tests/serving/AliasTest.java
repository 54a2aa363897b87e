package io.millrace.tests.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.serving.SnapshotWriter.Entry;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Following a name from version to version, on a real topic. */
class AliasTest {
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

  private static SubscriberConfig champion(SnapshotWriter writer) {
    return Serving.config(cluster, writer)
        .withSelection(CountingModel.NAME, new ModelSelection.Alias("champion"));
  }

  /** SHA-256 of each version's weights. */
  private static Map<Long, String> publish(SnapshotWriter writer, long first, long last)
      throws Exception {
    Map<Long, String> hashes = new TreeMap<>();
    for (long version = first; version <= last; version++) {
      writer.publish(version, 0);
    }
    for (long version = first; version <= last; version++) {
      SubscriberConfig pinned =
          Serving.config(cluster, writer)
              .withSelection(CountingModel.NAME, new ModelSelection.Version(version));
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(pinned, _ -> {})) {
        hashes.put(version, subscriber.awaitFirst(Eventually.DEADLINE).sha256());
      }
    }
    return hashes;
  }

  @Test
  void servesWhatTheAliasStandsForForwardsAndBack() throws Exception {
    Told told = new Told();
    List<Long> served = new CopyOnWriteArrayList<>();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "moved")) {
      Map<Long, String> hashes = publish(writer, 1, 5);
      writer.alias("challenger", 5, hash(hashes, 5));
      writer.alias("champion", 4, hash(hashes, 4));
      writer.alias("champion", 2, hash(hashes, 2));
      try (SnapshotSubscriber subscriber =
          SnapshotSubscriber.start(
              champion(writer), told.and(snapshot -> served.add(snapshot.version())))) {
        assertEquals(2, subscriber.awaitFirst(Eventually.DEADLINE).version());
        writer.alias("champion", 5, hash(hashes, 5));
        Serving.awaitVersion(subscriber, 5);
        writer.alias("champion", 1, hash(hashes, 1));
        Serving.awaitVersion(subscriber, 1);
        // Newer versions are of no concern.
        writer.publish(6, 0);
        writer.alias("champion", 3, hash(hashes, 3));
        Serving.awaitVersion(subscriber, 3);
      }
    }
    assertEquals(List.of(2L, 5L, 1L, 3L), served);
    assertEquals(
        List.of("alias champion 2", "alias champion 5", "alias champion 1", "alias champion 3"),
        told.lines());
  }

  @Test
  void aDeletedAliasAndAVersionThatIsGoneLeaveTheLastGoodOne() throws Exception {
    Told told = new Told();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "gone")) {
      Map<Long, String> hashes = publish(writer, 1, 2);
      writer.alias("champion", 1, hash(hashes, 1));
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(champion(writer), told)) {
        Snapshot first = subscriber.awaitFirst(Eventually.DEADLINE);
        assertEquals(1, first.version());

        writer.deleteAlias("champion");
        Serving.awaitLine(told, "unavailable alias champion");
        writer.alias("champion", 9, "0".repeat(64));
        Serving.awaitLine(told, "alias champion 9");
        awaitDetail(told, "version 9: expected it whole on the topic");
        writer.alias("champion", 2, hash(hashes, 1));
        awaitDetail(told, "version 2: expected weights of SHA-256 " + hash(hashes, 1));
        assertEquals(first, subscriber.newest().orElseThrow());

        writer.alias("champion", 2, hash(hashes, 2));
        Serving.awaitVersion(subscriber, 2);
      }
    }
  }

  @Test
  void waitsForAVersionThatIsPublishedAfterItsAliasWasSet() throws Exception {
    Told told = new Told();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "early")) {
      Map<Long, String> hashes = publish(writer, 1, 1);
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(champion(writer), told)) {
        Serving.awaitLine(told, "unavailable alias champion");
        writer.alias("champion", 1, hash(hashes, 1));
        Serving.awaitVersion(subscriber, 1);
      }
      try (SnapshotWriter other = Serving.writer(cluster, MODEL, "early-other");
          SnapshotSubscriber subscriber = SnapshotSubscriber.start(champion(other), new Told())) {
        other.alias("champion", 1, hash(hashes, 1));
        List<Entry> entries = other.entries(1);
        other.commit(entries.subList(0, 2));
        other.commit(entries.subList(2, entries.size()));
        Serving.awaitVersion(subscriber, 1);
      }
    }
  }

  @Test
  void onlySignedAliasesCountWhereKeysAreTrusted() throws Exception {
    KeyPair key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Told told = new Told();
    try (SnapshotWriter writer = Serving.writer(cluster, MODEL, "signed-alias")) {
      writer.sign(Optional.of(new Signer("ops", key.getPrivate())));
      Map<Long, String> hashes = publish(writer, 1, 2);
      writer.alias("champion", 1, hash(hashes, 1));
      SubscriberConfig config =
          champion(writer).withTrustedKeys(new TrustedKeys(Map.of("ops", key.getPublic())));
      try (SnapshotSubscriber subscriber = SnapshotSubscriber.start(config, told)) {
        assertEquals(1, subscriber.awaitFirst(Eventually.DEADLINE).version());
        writer.sign(Optional.empty());
        writer.alias("champion", 2, hash(hashes, 2));
        Serving.awaitLine(told, "rejected 0 UNTRUSTED");
        assertEquals(1, subscriber.newest().orElseThrow().version());
        writer.sign(Optional.of(new Signer("ops", key.getPrivate())));
        writer.alias("champion", 2, hash(hashes, 2));
        Serving.awaitVersion(subscriber, 2);
      }
    }
  }

  private static String hash(Map<Long, String> hashes, long version) {
    return Optional.ofNullable(hashes.get(version)).orElseThrow();
  }

  private static void awaitDetail(Told told, String part) {
    Eventually.await(
        "'" + part + "'",
        () -> told.details().stream().filter(detail -> detail.contains(part)).findFirst(),
        told::toString);
  }
}
