package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotManifest;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.tensor.Tensor;
import io.millrace.model.training.Inference;
import io.millrace.model.training.Learner;
import io.millrace.model.training.StateTensor;
import io.millrace.schemas.SnapshotKey;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.ForeignSnapshot;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Learners;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the learner's weights to a downstream program's predictions, through the snapshot topic. */
class SnapshotFlowTest {

  private static final int EVERY_STEPS = 2;
  private static final int RETAIN = 3;
  private static final TestLearner LEARNER =
      TestLearner.withDefaults().withSnapshots(EVERY_STEPS, RETAIN);
  private static final int VERSIONS = 6;
  private static final int STEPS = VERSIONS * EVERY_STEPS;
  private static final int HELD_OUT = 1_000;
  private static final List<byte[]> HELD_OUT_PIXELS =
      IntStream.range(HELD_OUT, HELD_OUT + 100).mapToObj(Images::pixels).toList();

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
  void aSubscriberFollowsEveryVersionAsItIsLearned() {
    Run run = newRun("followed");
    List<Snapshot> seen = new CopyOnWriteArrayList<>();
    try (LearnerApplication application = run.start();
        SnapshotSubscriber subscriber = subscribe(run, seen)) {
      for (int version = 1; version <= VERSIONS; version++) {
        sendImagesOf(run, version);
        awaitVersion(subscriber, version, application);
      }
    }
    assertEquals(
        LongStream.rangeClosed(1, VERSIONS).boxed().toList(),
        seen.stream().map(Snapshot::version).toList());
    assertEquals(
        run.manifests().stream().map(SnapshotManifest::getSha256).toList(),
        seen.stream().map(Snapshot::sha256).toList());
    assertEquals(STEPS, seen.getLast().step());
  }

  @Test
  void aLoadedSnapshotPredictsAsTheLearnersOwnWeightsDo() throws Exception {
    Run run = learned("predicted");
    try (Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(subscription(run), predictor)) {
      Snapshot snapshot = subscriber.awaitFirst(Eventually.DEADLINE);
      assertEquals(VERSIONS, snapshot.version());
      List<Answer> answers = predictor.predict(HELD_OUT_PIXELS);
      float[] expected = probabilitiesOfALearnerWithoutKafka(run.config());
      for (int i = 0; i < answers.size(); i++) {
        float[] row = Arrays.copyOfRange(expected, i * Images.CLASSES, (i + 1) * Images.CLASSES);
        assertArrayEquals(row, answers.get(i).probabilities(), "held-out image " + i);
      }
      assertTrue(
          answers.stream().map(Answer::label).distinct().count() > 3,
          "the model has learned to tell classes apart, so that equal answers say something");
    }
  }

  @Test
  void aLateJoinerFindsTheNewestWholeVersion() throws Exception {
    Run run = learned("joined-late");
    String torn =
        ForeignSnapshot.of(run.manifests().getLast(), VERSIONS + 1)
            .withoutItsFirstChunk()
            .commit(cluster.bootstrapServers(), run.topics().snapshots());
    try (SnapshotSubscriber subscriber = subscribe(run, new CopyOnWriteArrayList<>())) {
      Snapshot snapshot = subscriber.awaitFirst(Eventually.DEADLINE);
      assertEquals(VERSIONS, snapshot.version());
      assertNotEquals(torn, snapshot.sha256());
    }
  }

  @Test
  void oldVersionsAreTombstonedKeyByKey() {
    Run run = learned("retired");
    Map<String, Boolean> live = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : cluster.read(run.topics().snapshots())) {
      live.put(Run.key(record), record.value() != null);
    }
    live.values().removeIf(there -> !there);
    TreeSet<Long> versions = new TreeSet<>();
    live.keySet().forEach(key -> versions.add(SnapshotKey.parse(key).orElseThrow().version()));
    assertEquals(
        new TreeSet<>(LongStream.rangeClosed(VERSIONS - RETAIN + 1, VERSIONS).boxed().toList()),
        versions);
    assertEquals(
        RETAIN * (run.manifests().getLast().getTensors().size() + 2),
        live.size(),
        "of each version the manifest and every tensor, one of which takes two chunks");
  }

  @Test
  void aSnapshotOfAnAbortedTransactionIsNeverSeen() {
    Run run = newRun("aborted");
    List<Snapshot> seen = new CopyOnWriteArrayList<>();
    try (LearnerApplication application = run.start();
        SnapshotSubscriber subscriber = subscribe(run, seen)) {
      sendImagesOf(run, 1);
      awaitVersion(subscriber, 1, application);
      // It is whole, newer and passes every check: only its transaction says no.
      ForeignSnapshot foreign = ForeignSnapshot.of(run.manifests().getLast(), 2);
      String aborted = foreign.abort(cluster.bootstrapServers(), run.topics().snapshots());
      sendImagesOf(run, 2);
      awaitVersion(subscriber, 2, application);
      assertFalse(seen.stream().map(Snapshot::sha256).toList().contains(aborted), seen.toString());

      // The same bytes are taken where they are committed.
      String committed =
          ForeignSnapshot.of(run.manifests().getLast(), 3)
              .commit(cluster.bootstrapServers(), run.topics().snapshots());
      awaitVersion(subscriber, 3, application);
      assertEquals(committed, seen.getLast().sha256());
    }
  }

  private static Run newRun(String kind) {
    return Run.of(cluster, kind, LEARNER, cluster.createImages(cluster.newRun(kind)));
  }

  /** A run that has published all versions and is stopped. */
  private static Run learned(String kind) {
    Run run = newRun(kind);
    cluster.send(Images.records(run.topics().images(), 0, STEPS * LEARNER.batch()));
    run.learnTo(STEPS);
    return run;
  }

  /** Sends just the images after which a version is published. */
  private static void sendImagesOf(Run run, int version) {
    int images = EVERY_STEPS * LEARNER.batch();
    cluster.send(Images.records(run.topics().images(), (version - 1) * images, version * images));
  }

  private static SubscriberConfig subscription(Run run) {
    return new SubscriberConfig(
        Map.of("bootstrap.servers", cluster.bootstrapServers()),
        run.topics().snapshots(),
        Optional.of(TestLearner.MODEL),
        SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  private static SnapshotSubscriber subscribe(Run run, List<Snapshot> seen) {
    return SnapshotSubscriber.start(subscription(run), seen::add);
  }

  private static void awaitVersion(
      SnapshotSubscriber subscriber, long version, LearnerApplication application) {
    Eventually.await(
        "version " + version + " at the subscriber",
        () -> subscriber.newest().filter(snapshot -> snapshot.version() >= version),
        () -> subscriber.newest() + "; the learner's failure: " + application.failure());
  }

  /** The same images in the same minibatches, straight into the model; then the held-out images. */
  private static float[] probabilitiesOfALearnerWithoutKafka(LearnerConfig config) {
    var normalization = config.images().normalization();
    int pixels = Images.SIDE * Images.SIDE;
    int batch = LEARNER.batch();
    Map<String, Tensor> weights = new TreeMap<>();
    try (Learner learner = Learners.create(config)) {
      for (int step = 0; step < STEPS; step++) {
        for (int i = 0; i < batch; i++) {
          int image = step * batch + i;
          normalization.apply(Images.pixels(image), learner.images(), i * pixels);
          learner.labels()[i] = Images.image(image).getLabel();
        }
        learner.step(batch);
      }
      for (StateTensor tensor : learner.state().tensors()) {
        if (tensor.kind() != StateTensor.Kind.VELOCITY) {
          weights.put(tensor.name(), tensor.tensor());
        }
      }
    }
    int count = HELD_OUT_PIXELS.size();
    float[] images = new float[count * pixels];
    float[] probabilities = new float[count * Images.CLASSES];
    for (int i = 0; i < count; i++) {
      normalization.apply(HELD_OUT_PIXELS.get(i), images, i * pixels);
    }
    var kernels = KernelLookup.lookup();
    try (var inference = Inference.create(config.network(), weights, count, 1, kernels)) {
      inference.predict(images, count, probabilities);
    }
    return probabilities;
  }
}
