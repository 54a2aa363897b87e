package io.millrace.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.SnapshotManifest;
import io.millrace.app.serve.PredictServer;
import io.millrace.app.serve.ServeOptions;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From images to answers over HTTP with a broker in a container that is paused and killed. */
class ContainerBrokerTest {

  private static final int EVERY_STEPS = 5;
  private static final int BEFORE = 20;
  private static final int AFTER_PAUSE = 40;
  private static final int AFTER_KILL = 60;

  /** Longer than the learner's session of 2 s, so that it is thought dead meanwhile. */
  private static final long PAUSE_MS = 5_000;

  private static final TestLearner LEARNER =
      TestLearner.withDefaults().withSnapshots(EVERY_STEPS, 20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static BrokerContainer broker;

  @SuppressWarnings("NullAway.Init")
  private static Cluster cluster;

  @BeforeAll
  static void startBroker() {
    ContainerImages.require(ContainerImages.KAFKA);
    broker = BrokerContainer.start();
    cluster = Cluster.of(broker.bootstrapServers(), folder);
  }

  @AfterAll
  @SuppressWarnings("NullAway") // null where nothing was started
  static void stopBroker() {
    if (cluster != null) {
      cluster.close();
    }
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void learnsAndServesOnWhenTheBrokerIsPausedAndKilled() throws Exception {
    String images = cluster.createImages(cluster.newRun("images"));
    Run disturbed = Run.of(cluster, "disturbed", LEARNER, images);
    try (LearnerApplication learner = disturbed.start();
        Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(follow(disturbed), predictor);
        PredictServer server = serve(predictor, subscriber);
        HttpClient client = HttpClient.newHttpClient()) {
      send(images, 0, BEFORE);
      SnapshotManifest before = disturbed.awaitSnapshot(learner, BEFORE);
      awaitServed(client, server, before.getVersion());

      send(images, BEFORE, AFTER_PAUSE);
      broker.pause();
      Thread.sleep(PAUSE_MS);
      assertEquals(
          before.getVersion(), ask(client, server).get("version").asLong(), "while paused");
      broker.resume();
      SnapshotManifest afterPause = disturbed.awaitSnapshot(learner, AFTER_PAUSE);
      awaitServed(client, server, afterPause.getVersion());

      broker.kill();
      assertEquals(afterPause.getVersion(), ask(client, server).get("version").asLong(), "killed");
      broker.startAgain();
      send(images, AFTER_PAUSE, AFTER_KILL);
      SnapshotManifest afterKill = disturbed.awaitSnapshot(learner, AFTER_KILL);
      awaitServed(client, server, afterKill.getVersion());

      SnapshotManifest undisturbed =
          Run.of(cluster, "undisturbed", LEARNER, images).learnTo(AFTER_KILL);
      assertEquals(undisturbed.getSha256(), afterKill.getSha256(), "SHA-256 of all tensors");
      assertEquals(
          AFTER_KILL / EVERY_STEPS, disturbed.manifests().size(), "each version published once");
    }
  }

  /** The images of steps {@code from} (exclusive) to {@code to}. */
  private static void send(String topic, int from, int to) {
    cluster.send(Images.records(topic, from * LEARNER.batch(), to * LEARNER.batch()));
  }

  private static SubscriberConfig follow(Run run) {
    return new SubscriberConfig(
        Map.of("bootstrap.servers", cluster.bootstrapServers()),
        run.topics().snapshots(),
        Optional.of(TestLearner.MODEL),
        SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  private static PredictServer serve(Predictor predictor, SnapshotSubscriber subscriber)
      throws IOException {
    return PredictServer.start(
        new ServeOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1 << 20, 16, 4),
        predictor,
        subscriber,
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  private static void awaitServed(HttpClient client, PredictServer server, long version) {
    Eventually.await(
        "an answer of version " + version,
        () -> Optional.of(ask(client, server)).filter(a -> a.path("version").asLong() == version),
        () -> ask(client, server).toString());
  }

  /** What the server answers to one image: whatever it is, or the refusal. */
  private static JsonNode ask(HttpClient client, PredictServer server) {
    int[] pixels = new int[Images.SIDE * Images.SIDE];
    Arrays.setAll(pixels, i -> Images.pixels(0)[i] & 0xff);
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + "/predict"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"pixels\":" + Arrays.toString(pixels) + "}"))
            .build();
    try {
      return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new AssertionError("no answer of the server", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while asking the server", e);
    }
  }
}
