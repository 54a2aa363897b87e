package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.JournalEntry;
import io.millrace.JournalKind;
import io.millrace.LabeledImage;
import io.millrace.SkipReason;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.LearnerConfigs;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.replay.Replay;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A burst of poisoned images moves no weight, and too long a burst makes training wait. */
class GuardTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int BATCH = LEARNER.batch();

  /** Minibatches before the burst: as many as the guard compares with, and some more. */
  private static final int BEFORE = 40;

  private static final int BURST = 3;
  private static final int AFTER = 20;
  private static final GuardConfig GUARDS = new GuardConfig(32, 6, 5, false);

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

  @Test
  void aPoisonedBurstLeavesTheWeightsOfAStreamWithoutIt() {
    Run clean = learn("clean", 0);
    Run poisoned = learn("burst", BURST);

    SnapshotManifest expected = clean.manifests().getLast();
    SnapshotManifest actual = poisoned.manifests().getLast();
    assertEquals(expected.getSha256(), actual.getSha256());
    assertEquals(expected.getStep(), actual.getStep());
    assertEquals(expected.getMetrics(), actual.getMetrics());

    List<TrainingMetrics> skipped =
        poisoned.metrics().stream().filter(each -> each.getSkipped().isPresent()).toList();
    assertEquals(BURST, skipped.size());
    for (TrainingMetrics metrics : skipped) {
      assertEquals(SkipReason.EXPLODING, metrics.getSkipped().orElseThrow());
      assertEquals(BEFORE, metrics.getStep(), "a refused minibatch is no step");
    }
    assertDeadLetters(poisoned);
    assertEquals(
        List.of(
            JournalKind.CONFIGURED, JournalKind.SKIPPED, JournalKind.SKIPPED, JournalKind.SKIPPED),
        journal(poisoned).stream().map(JournalEntry::getKind).toList());
  }

  @Test
  void tooLongABurstMakesTrainingWaitUntilItIsToldToGoOn() {
    Run run = run("long");
    LearnerConfig config = LearnerConfigs.with(run.config(), GUARDS);
    String images = run.topics().images();
    cluster.send(Images.records(images, 0, BEFORE * BATCH));
    cluster.send(poisoned(images, BEFORE * BATCH, GUARDS.pauseAfter() * BATCH));
    cluster.send(Images.records(images, BEFORE * BATCH, (BEFORE + AFTER) * BATCH));
    awaitPause(config);
    assertEquals(BEFORE + GUARDS.pauseAfter(), run.metrics().size());
    awaitPause(config); // A mere restart does not end it.
    assertEquals(BEFORE + GUARDS.pauseAfter(), run.metrics().size());

    GuardConfig resuming =
        new GuardConfig(GUARDS.window(), GUARDS.sigmas(), GUARDS.pauseAfter(), true);
    try (LearnerApplication application =
        LearnerApplication.start(LearnerConfigs.with(config, resuming))) {
      run.awaitSnapshot(application, BEFORE + AFTER);
      assertTrue(application.pausedBecause().isEmpty());
    }
    assertEquals(
        List.of(JournalKind.PAUSED, JournalKind.RESUMED),
        journal(run).subList(1 + GUARDS.pauseAfter(), 3 + GUARDS.pauseAfter()).stream()
            .map(JournalEntry::getKind)
            .toList());
    assertEquals(
        learn("straight", 0).manifests().getLast().getSha256(),
        run.manifests().getLast().getSha256(),
        "the images that came while it waited are not lost");
    Map<String, String> client = Map.of("bootstrap.servers", cluster.bootstrapServers());
    long newest = run.manifests().getLast().getVersion();
    assertTrue(
        new Replay(config, client, new Observer() {}).run(newest).equal(),
        "a replay pauses and goes on at the same places");
  }

  private static void awaitPause(LearnerConfig config) {
    try (LearnerApplication application = LearnerApplication.start(config)) {
      String reason =
          Eventually.await(
              "a pause",
              application::pausedBecause,
              () -> "none; failure " + application.failure());
      assertTrue(reason.startsWith("5 minibatches in a row were refused"), reason);
    }
  }

  /** Good images, a burst, good images. */
  private static Run learn(String kind, int burst) {
    Run run = run(kind);
    String images = run.topics().images();
    cluster.send(Images.records(images, 0, BEFORE * BATCH));
    cluster.send(poisoned(images, BEFORE * BATCH, burst * BATCH));
    cluster.send(Images.records(images, BEFORE * BATCH, (BEFORE + AFTER) * BATCH));
    learn(run);
    return run;
  }

  private static void learn(Run run) {
    try (LearnerApplication application =
        LearnerApplication.start(LearnerConfigs.with(run.config(), GUARDS))) {
      run.awaitSnapshot(application, BEFORE + AFTER);
    }
  }

  private static Run run(String kind) {
    return Run.of(cluster, kind, LEARNER, cluster.createImages(cluster.newRun(kind)));
  }

  /** White noise: nothing like it was ever seen, and its labels mean nothing. */
  private static List<ProducerRecord<byte[], byte[]>> poisoned(String topic, int from, int count) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      LabeledImage image = Images.image(from + i);
      byte[] pixels = new byte[Images.SIDE * Images.SIDE];
      for (int p = 0; p < pixels.length; p++) {
        pixels[p] = (byte) ((p * 31 + i * 17) % 2 == 0 ? 255 : 0);
      }
      image.setId("poisoned-" + i);
      image.setLabel((image.getLabel() + 1) % Images.CLASSES);
      image.setData(ByteBuffer.wrap(pixels));
      records.add(
          new ProducerRecord<>(
              topic, 0, image.getId().getBytes(StandardCharsets.UTF_8), Images.encode(image)));
    }
    return records;
  }

  private static void assertDeadLetters(Run run) {
    List<ConsumerRecord<byte[], byte[]>> letters = run.deadLetters();
    assertEquals(BURST * BATCH, letters.size());
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
    for (int i = 0; i < letters.size(); i++) {
      ConsumerRecord<byte[], byte[]> letter = letters.get(i);
      assertEquals("poisoned-" + i, Run.key(letter));
      assertEquals("poisoned-" + i, codec.decode(letter.value()).getId());
      assertEquals("EXPLODING", header(letter, DeadLetterHeaders.REASON));
      assertEquals("learn", header(letter, DeadLetterHeaders.STAGE));
      assertEquals(Integer.toString(BEFORE * BATCH + i), header(letter, DeadLetterHeaders.OFFSET));
    }
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    return Optional.ofNullable(record.headers().lastHeader(name))
        .map(header -> new String(header.value(), StandardCharsets.UTF_8))
        .orElse("no header " + name);
  }

  private static List<JournalEntry> journal(Run run) {
    AvroCodec<JournalEntry> codec = AvroCodec.of(JournalEntry.class);
    return cluster.read(run.topics().journal()).stream()
        .map(record -> codec.decode(record.value()))
        .toList();
  }
}
