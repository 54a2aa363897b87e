package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ControlAcknowledgement;
import io.millrace.ControlCommand;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.ModelAlias;
import io.millrace.SnapshotManifest;
import io.millrace.app.control.ControlClient;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterHeaders;
import io.millrace.schemas.RecordSignatures.Signer;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.LearnerConfigs;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.SigningConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.replay.Replay;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands to a running learner, over a real broker. */
class ControlTest {

  private static final int BATCH = 16;
  private static final int EVERY_STEPS = 5;
  private static final int RETAIN = 3;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final TestLearner LEARNER = new TestLearner(BATCH, EVERY_STEPS, RETAIN, 1);
  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // set before all tests
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
  void aPauseHoldsImagesUpAndLetsTheNextCommandThrough() throws Exception {
    Run run = run("pause");
    send(run, 0, 5);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      run.awaitSnapshot(application, 5);
      assertApplied(send(client, ControlKind.PAUSE), "paused after step 5");
      assertTrue(application.pausedBecause().isPresent());
      send(run, 5, 200);
      assertApplied(send(client, ControlKind.PUBLISH), "nothing was learned since version 1");
      ControlAcknowledgement resumed = send(client, ControlKind.RESUME);
      assertApplied(resumed, "training goes on after step 5");
      assertEquals(5, resumed.getStep(), "no step in a pause");
      run.awaitSnapshot(application, 205);
      assertTrue(application.pausedBecause().isEmpty());
    }
    assertReplayable(run);
  }

  @Test
  void aPauseOutlivesTheLearner() throws Exception {
    Run run = run("restart");
    send(run, 0, 5);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      run.awaitSnapshot(application, 5);
      assertApplied(send(client, ControlKind.PAUSE), "paused after step 5");
    }
    send(run, 5, 5);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      Eventually.await("a pause", application::pausedBecause, () -> "none");
      assertApplied(send(client, ControlKind.RESUME), "training goes on after step 5");
      run.awaitSnapshot(application, 10);
    }
    assertReplayable(run);
  }

  @Test
  void rollsBackToAVersionAsANewOneWithItsParentNamed() throws Exception {
    Run run = run("rollback");
    send(run, 0, 15);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      run.awaitSnapshot(application, 15);
      ControlAcknowledgement answer = send(client, command(ControlKind.ROLL_BACK).setVersion(2L));
      assertApplied(answer, "rolled back to version 2, published as version 4");
      assertRejected(
          send(client, command(ControlKind.ROLL_BACK).setVersion(1L)),
          "version: expected one of 2 to 4, got 1");
      assertRejected(
          send(client, command(ControlKind.ROLL_BACK).setVersion(9L)),
          "version: expected one of 2 to 4, got 9");
      send(run, 15, 5);
      run.awaitSnapshot(application, 20);
    }
    List<SnapshotManifest> manifests = run.manifests();
    SnapshotManifest back = manifests.get(3);
    assertEquals(2, back.getParentVersion().orElseThrow());
    assertEquals(15, back.getStep());
    assertEquals(manifests.get(1).getSha256(), back.getSha256(), "the weights of version 2");
    assertEquals(4, manifests.get(4).getParentVersion().orElseThrow());
    assertReplayable(run);
  }

  @Test
  void anAliasKeepsItsVersionUntilItMovesOn() throws Exception {
    Run run = run("alias");
    send(run, 0, 5);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      run.awaitSnapshot(application, 5);
      assertApplied(send(client, alias("champion", 1L)), "champion is version 1");
      send(run, 5, 20);
      run.awaitSnapshot(application, 25);
      assertEquals(List.of(), retired(run, 1));
      assertTrue(retired(run, 2).size() > 1, "version 2 has no name");
      assertApplied(
          send(client, command(ControlKind.ROLL_BACK).setVersion(1L)),
          "rolled back to version 1, published as version 6");
      assertApplied(send(client, alias("champion", 5L)), "champion is version 5");
      assertTrue(retired(run, 1).size() > 1);
      assertApplied(
          send(client, command(ControlKind.DELETE_ALIAS).setAlias("champion")),
          "champion stands for nothing any more");
      assertRejected(
          send(client, command(ControlKind.DELETE_ALIAS).setAlias("champion")), "alias champion");
    }
    AvroCodec<ModelAlias> codec = AvroCodec.of(ModelAlias.class);
    var records = cluster.read(run.topics().aliases());
    assertEquals(3, records.size());
    assertEquals(TestLearner.MODEL + "/champion", Run.key(records.getFirst()));
    ModelAlias first = codec.decode(records.getFirst().value());
    assertEquals(run.manifests().getFirst().getSha256(), first.getSha256());
    assertEquals(null, records.getLast().value());
  }

  @Test
  void theLearningRateOfACommandTakesThePlaceOfTheSchedules() throws Exception {
    Run run = run("rate");
    send(run, 0, 5);
    try (LearnerApplication application = run.start();
        ControlClient client = client(run)) {
      run.awaitSnapshot(application, 5);
      send(client, command(ControlKind.SET_LEARNING_RATE).setLearningRate(0.0125));
      ControlCommand.Builder later = command(ControlKind.SET_LEARNING_RATE).setNotBeforeStep(10L);
      assertEquals(ControlOutcome.WAITING, send(client, later).getOutcome());
      send(run, 5, 10);
      run.awaitSnapshot(application, 15);
      assertApplied(
          client.awaitLast(later.getId(), TIMEOUT).orElseThrow(),
          "learning rate 0.025, as scheduled, from step 11 on");
    }
    List<Double> rates = run.metrics().stream().map(each -> each.getLearningRate()).toList();
    assertEquals(List.of(0.0125, 0.0125, 0.0125, 0.0125, 0.0125), rates.subList(5, 10));
    assertEquals(List.of(0.05, 0.025), List.of(rates.getFirst(), rates.get(10)));
    assertReplayable(run);
  }

  @Test
  void doesNothingTwiceNothingLateAndNothingUnsigned() throws Exception {
    KeyPair pair = pair();
    Signer signer = new Signer("ops", pair.getPrivate());
    Run run = run("trust");
    SigningConfig signing =
        new SigningConfig(Optional.of(signer), new TrustedKeys(Map.of("ops", pair.getPublic())));
    send(run, 0, 5);
    LearnerConfig config = LearnerConfigs.with(run.config(), signing);
    try (LearnerApplication application = LearnerApplication.start(config);
        ControlClient unsigned = client(run);
        ControlClient signed = client(run, Optional.of(signer))) {
      run.awaitSnapshot(application, 5);
      assertRejected(send(unsigned, ControlKind.PAUSE), "signature: expected one by [ops]");
      ControlCommand.Builder late = command(ControlKind.PAUSE).setExpiresMs(1L);
      assertEquals(ControlOutcome.EXPIRED, send(signed, late).getOutcome());
      ControlCommand.Builder once = command(ControlKind.PUBLISH);
      assertEquals(ControlOutcome.APPLIED, send(signed, once).getOutcome());
      assertRejected(send(signed, once), "id: expected a new one");
      assertTrue(application.pausedBecause().isEmpty());
      cluster.send(
          List.of(
              new ProducerRecord<>(
                  run.topics().control(), "k".getBytes(StandardCharsets.UTF_8), new byte[] {7})));
      Eventually.await(
          "a dead letter",
          () -> run.deadLetters().stream().findFirst(),
          () -> "none; failure " + application.failure());
    }
    var letter = run.deadLetters().getFirst();
    assertEquals(
        run.topics().control(),
        new String(
            letter.headers().lastHeader(DeadLetterHeaders.TOPIC).value(), StandardCharsets.UTF_8));
    var manifest =
        cluster.read(run.topics().snapshots()).stream()
            .filter(record -> Run.key(record).endsWith("/manifest"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        Optional.empty(),
        signing
            .commandKeys()
            .problem(
                manifest.headers().lastHeader("millrace.key-id").value(),
                manifest.headers().lastHeader("millrace.signature").value(),
                manifest.value()));
  }

  private static KeyPair pair() throws NoSuchAlgorithmException {
    return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static Run run(String kind) {
    return Run.of(cluster, kind, LEARNER, cluster.createImages(cluster.newRun(kind)));
  }

  private static void send(Run run, int fromStep, int steps) {
    cluster.send(
        Images.records(run.topics().images(), fromStep * BATCH, (fromStep + steps) * BATCH));
  }

  private static ControlClient client(Run run) {
    return client(run, Optional.empty());
  }

  private static ControlClient client(Run run, Optional<Signer> signer) {
    return new ControlClient(
        Map.of("bootstrap.servers", cluster.bootstrapServers()), run.topics(), signer);
  }

  private static ControlCommand.Builder command(ControlKind kind) {
    return ControlCommand.newBuilder()
        .setId("command-" + IDS.incrementAndGet())
        .setModel(TestLearner.MODEL)
        .setKind(kind)
        .setSentMs(System.currentTimeMillis())
        .setReason("");
  }

  private static ControlCommand.Builder alias(String name, long version) {
    return command(ControlKind.SET_ALIAS).setAlias(name).setVersion(version);
  }

  private static ControlAcknowledgement send(ControlClient client, ControlKind kind)
      throws InterruptedException {
    return send(client, command(kind));
  }

  private static ControlAcknowledgement send(ControlClient client, ControlCommand.Builder command)
      throws InterruptedException {
    return client
        .send(command.build(), TIMEOUT)
        .orElseThrow(() -> new AssertionError("no answer to " + command.getKind()));
  }

  private static void assertApplied(ControlAcknowledgement answer, String message) {
    assertEquals(ControlOutcome.APPLIED, answer.getOutcome(), answer.toString());
    assertEquals(message, answer.getMessage());
  }

  private static void assertRejected(ControlAcknowledgement answer, String begin) {
    assertEquals(ControlOutcome.REJECTED, answer.getOutcome(), answer.toString());
    assertTrue(answer.getMessage().startsWith(begin), answer.getMessage());
  }

  /** Keys of a version that were tombstoned. */
  private static List<String> retired(Run run, long version) {
    return cluster.read(run.topics().snapshots()).stream()
        .filter(record -> record.value() == null)
        .map(Run::key)
        .filter(key -> key.contains("/%012d/".formatted(version)))
        .toList();
  }

  /** Commands are in the journal, so the images and the journal give the newest version again. */
  private static void assertReplayable(Run run) {
    long newest = run.manifests().getLast().getVersion();
    Map<String, String> client = Map.of("bootstrap.servers", cluster.bootstrapServers());
    assertTrue(new Replay(run.config(), client, new Observer() {}).run(newest).equal());
  }
}
