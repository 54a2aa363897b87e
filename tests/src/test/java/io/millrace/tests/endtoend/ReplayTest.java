package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.BatchTrigger;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.LearnerConfigs;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.replay.Replay;
import io.millrace.topology.replay.ReplayException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version is rebuilt from the images and the journal, although a clock cut its minibatches. */
class ReplayTest {

  private static final TestLearner LEARNER = TestLearner.withDefaults();
  private static final int IMAGES = 400;

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Run run;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static LearnerConfig config;

  /** Learns from images that trickle in, over three starts of the learner. */
  @BeforeAll
  static void learn() throws InterruptedException {
    cluster = Cluster.embedded(folder);
    String images = cluster.createImages(cluster.newRun("replayed"));
    run = Run.of(cluster, "replayed", LEARNER, images);
    // Snapshots by the clock alone, and minibatches that wait for 40 ms.
    config =
        LearnerConfigs.with(
            run.config(), new MinibatchConfig(LEARNER.batch(), 40), new SnapshotConfig(0, 1, 100));
    Random random = new Random(4);
    int sent = 0;
    for (int until : List.of(IMAGES / 3, IMAGES / 2 + 7, IMAGES)) {
      try (LearnerApplication application = LearnerApplication.start(config)) {
        while (sent < until) {
          int count = Math.min(until - sent, 1 + random.nextInt(2 * LEARNER.batch()));
          cluster.send(Images.records(images, sent, sent + count));
          sent += count;
          Thread.sleep(random.nextInt(100));
        }
        awaitAll(application, until);
      }
    }
  }

  /** Waits until the last image is trained on and a snapshot has it. */
  private static void awaitAll(LearnerApplication application, long images) {
    Eventually.await(
        "a snapshot of " + images + " images",
        () -> {
          List<SnapshotManifest> manifests = run.manifests();
          return !manifests.isEmpty() && manifests.getLast().getImages() == images
              ? Optional.of(true)
              : Optional.empty();
        },
        () -> run.manifests().size() + " snapshots; failure " + application.failure());
  }

  @AfterAll
  static void stopBroker() {
    cluster.close();
  }

  @Test
  void everyVersionIsRebuiltToTheBit() {
    List<SnapshotManifest> manifests = run.manifests();
    assertTrue(manifests.size() >= 3, manifests.size() + " snapshots, at least one of each start");
    List<TrainingMetrics> metrics = run.metrics();
    assertTrue(
        metrics.stream().anyMatch(each -> each.getTrigger() == BatchTrigger.LINGER)
            && metrics.stream().anyMatch(each -> each.getTrigger() == BatchTrigger.COUNT),
        "minibatches of both kinds, or this would show little");
    for (SnapshotManifest manifest : manifests) {
      Replay.Result result = replay(config, manifest.getVersion());
      assertEquals(manifest.getSha256(), result.rebuilt().getSha256());
      assertEquals(manifest.getProvenance(), result.rebuilt().getProvenance());
      assertTrue(result.equal());
    }
  }

  @Test
  void anotherConfigurationIsRefusedByName() {
    LearnerConfig other =
        LearnerConfigs.with(config, new MinibatchConfig(20, 40), config.snapshots());
    ReplayException refused = assertThrows(ReplayException.class, () -> replay(other, 1));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("[minibatch.size]"), refused::toString);
  }

  @Test
  void aVersionThatIsNotThereIsRefusedWithThoseThatAre() {
    ReplayException refused = assertThrows(ReplayException.class, () -> replay(config, 999));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("got only versions [1, 2"),
        refused::toString);
  }

  @Test
  void imagesThatWereDeletedAreNamed() {
    String images = cluster.createImages(cluster.newRun("deleted"));
    Run deleted = Run.of(cluster, "deleted", TestLearner.withDefaults(), images);
    cluster.send(Images.records(images, 0, 200));
    deleted.learnTo(10);
    cluster.deleteBefore(images, 50);
    ReplayException refused =
        assertThrows(ReplayException.class, () -> replay(deleted.config(), 1));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("got only those from 50 on"),
        refused::toString);
  }

  /** What a learner learns after its configuration has changed is another matter. */
  @Test
  void aChangedConfigurationEndsWhatCanBeReplayed() {
    String images = cluster.createImages(cluster.newRun("changed"));
    Run changed = Run.of(cluster, "changed", TestLearner.withDefaults(), images);
    cluster.send(Images.records(images, 0, 200));
    changed.learnTo(10);
    LearnerConfig larger =
        LearnerConfigs.with(
            changed.config(), new MinibatchConfig(30, 0), new SnapshotConfig(5, 0, 3));
    cluster.send(Images.records(images, 200, 400));
    try (LearnerApplication application = LearnerApplication.start(larger)) {
      changed.awaitSnapshot(application, 15);
    }
    assertTrue(replay(changed.config(), 2).equal(), "before the change");
    ReplayException refused =
        assertThrows(ReplayException.class, () -> replay(changed.config(), 3));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("it changed after step 10"),
        refused::toString);
  }

  private static Replay.Result replay(LearnerConfig with, long version) {
    Map<String, String> client = Map.of("bootstrap.servers", cluster.bootstrapServers());
    return new Replay(with, client, new Observer() {}).run(version);
  }
}
