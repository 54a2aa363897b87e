package io.millrace.tests.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.LabeledImage;
import io.millrace.SnapshotManifest;
import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.LearnerApplication;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the page is told of a learner that learns from real images while it is looked at. */
@Timeout(240)
class DashboardTest {
  private static final TestLearner LEARNER = TestLearner.withDefaults().withSnapshots(10, 3);
  private static final int STEPS = 40;
  private static final String MALFORMED = "no image";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init")
  private static Run run;

  @SuppressWarnings("NullAway.Init")
  private static LearnerApplication learner;

  @SuppressWarnings("NullAway.Init")
  private static Dashboard dashboard;

  @SuppressWarnings("NullAway.Init")
  private static PageClient page;

  @SuppressWarnings("NullAway.Init")
  private static PageClient.Events events;

  /** One learner for all tests; the page is there before it, and sees all of its life. */
  @BeforeAll
  static void learnWhileSomebodyLooks() throws Exception {
    cluster = Cluster.embedded(folder);
    String images = cluster.createImages(cluster.newRun("page"));
    run = Run.of(cluster, "page", LEARNER, images);
    dashboard = Dashboard.start(DashboardSettings.local(run.config(), 0));
    page = new PageClient(dashboard.url());
    events = page.events();
    cluster.send(Images.records(images, 0, 5));
    LabeledImage wrongLabel = Images.image(5);
    wrongLabel.setLabel(77);
    // Two dead letters, one of which has a picture: a label that there is not.
    cluster.send(
        List.of(
            new ProducerRecord<>(images, 0, null, MALFORMED.getBytes(StandardCharsets.UTF_8)),
            new ProducerRecord<>(images, 0, null, Images.encode(wrongLabel))));
    learner = run.start();
    cluster.send(Images.records(images, 5, STEPS * LEARNER.batch()));
    run.awaitSnapshot(learner, STEPS);
  }

  @AfterAll
  static void stop() {
    events.close();
    page.close();
    dashboard.close();
    learner.close();
    cluster.close();
  }

  private static JsonNode metricsOfStep(long step) {
    return events.await(
        "metrics", "step " + step, event -> event.at("/latest/step").asLong() >= step);
  }

  private static BufferedImage picture(HttpResponse<byte[]> response) throws IOException {
    assertEquals(200, response.statusCode());
    assertEquals("image/png", response.headers().firstValue("Content-Type").orElse(""));
    return ImageIO.read(new ByteArrayInputStream(response.body()));
  }

  private static byte[] pixels(BufferedImage picture) {
    Raster raster = picture.getRaster();
    byte[] pixels = new byte[picture.getWidth() * picture.getHeight()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) raster.getSample(i % picture.getWidth(), i / picture.getWidth(), 0);
    }
    return pixels;
  }

  @Test
  void theCurvesHaveEveryStepThatTheTopicHas() throws Exception {
    JsonNode latest = metricsOfStep(STEPS).get("latest");
    var last =
        run.metrics().stream()
            .filter(each -> each.getStep() == latest.get("step").asLong())
            .findFirst()
            .orElseThrow();
    assertEquals(last.getImages(), latest.get("images").asLong());
    assertEquals(last.getWindowLoss(), latest.get("windowLoss").asDouble(), 1e-4);
    assertEquals(2, latest.get("rejected").asLong());
    JsonNode history = page.json("/api/history?seconds=900");
    JsonNode points = history.get("points");
    assertTrue(points.size() >= 1, points::toString);
    assertEquals(11, points.get(0).size());
    assertTrue(points.get(points.size() - 1).get(1).asLong() >= STEPS, points::toString);
    long before = 0;
    for (JsonNode point : points) {
      assertTrue(point.get(0).asLong() > before, points::toString);
      before = point.get(0).asLong();
    }
    assertTrue(
        events.all("metrics").stream().mapToInt(event -> event.get("points").size()).sum() > 0);
  }

  @Test
  void theStateNamesTheNetworkThatLearns() throws Exception {
    JsonNode state = page.json("/api/state");
    assertEquals(TestLearner.MODEL, state.get("model").asText());
    assertEquals(Images.CLASSES, state.get("classNames").size());
    JsonNode network = state.get("network");
    assertEquals(run.config().network().fingerprint(), network.get("fingerprint").asText());
    assertEquals(
        List.of("conv", "norm", "relu1", "pool", "flat", "drop", "hidden", "relu2", "out"),
        network.findValuesAsText("name").subList(1, 10));
    assertEquals("[4,26,26]", network.at("/nodes/0/output").toString());
    assertEquals(40, network.at("/nodes/0/parameters").asInt());
  }

  @Test
  void picturesHaveThePixelsThatWereSent() throws Exception {
    JsonNode images =
        events.await("images", "24 images", event -> event.get("latest").size() == 24);
    assertEquals(24, images.get("worst").size());
    double worst = Double.MAX_VALUE;
    for (JsonNode image : images.get("worst")) {
      assertTrue(image.get("loss").asDouble() <= worst, images::toString);
      worst = image.get("loss").asDouble();
    }
    for (JsonNode image : images.get("latest")) {
      long offset = image.get("offset").asLong();
      // Two dead letters stand between the fifth image and the sixth.
      int index = (int) (offset < 5 ? offset : offset - 2);
      assertEquals(Images.image(index).getLabel(), image.get("label").asInt());
      BufferedImage picture = picture(page.get("/api/images/0/" + offset + ".png"));
      assertArrayEquals(Images.pixels(index), pixels(picture));
    }
    assertEquals(404, page.get("/api/images/0/999999999.png").statusCode());
    assertEquals(404, page.get("/api/images/7/0.png").statusCode());
    assertEquals(404, page.get("/api/images/0/5.png").statusCode());
  }

  @Test
  void theConfusionMatrixCountsEachImageOfTheWindowOnce() {
    metricsOfStep(STEPS);
    JsonNode confusion =
        events
            .await(
                "images",
                "all images",
                event -> event.at("/confusion/size").asInt() >= STEPS * LEARNER.batch())
            .get("confusion");
    int[] labels = new int[Images.CLASSES];
    for (int index = 0; index < STEPS * LEARNER.batch(); index++) {
      labels[Images.image(index).getLabel()]++;
    }
    for (int label = 0; label < Images.CLASSES; label++) {
      int sum = 0;
      for (JsonNode count : confusion.get("counts").get(label)) {
        sum += count.asInt();
      }
      assertEquals(labels[label], sum, "images of class " + label);
    }
  }

  @Test
  void deadLettersHaveTheirReasonAndPicture() throws Exception {
    JsonNode letters = events.await("deadletters", "two", event -> event.get("latest").size() == 2);
    JsonNode wrongLabel = letters.get("latest").get(0);
    assertEquals("LABEL_OUT_OF_RANGE", wrongLabel.get("reason").asText());
    assertEquals(run.topics().images() + "-0@6", wrongLabel.get("source").asText());
    assertTrue(wrongLabel.get("picture").asBoolean());
    String at = "/api/deadletters/0/";
    BufferedImage picture = picture(page.get(at + wrongLabel.get("offset").asLong() + ".png"));
    assertArrayEquals(Images.pixels(5), pixels(picture));
    JsonNode malformed = letters.get("latest").get(1);
    assertEquals("UNREADABLE_RECORD", malformed.get("reason").asText());
    assertEquals(MALFORMED.length(), malformed.get("bytes").asInt());
    assertEquals(404, page.get(at + malformed.get("offset").asLong() + ".png").statusCode());
  }

  @Test
  void layersAreToldWithTheirHistoryAndTheFiltersAreAPicture() throws Exception {
    JsonNode layers = events.await("layers", "a step", event -> event.get("step").asLong() >= 40);
    assertEquals("conv.weight", layers.at("/parameters/0/name").asText());
    assertTrue(layers.at("/parameters/0/ratio").asDouble() > 0);
    assertEquals(40, layers.at("/parameters/0/weights/counts").size());
    assertEquals("[4,1,3,3]", layers.at("/filters/shape").toString());
    assertTrue(layers.get("activations").size() >= 3);
    try (PageClient.Events late = page.events()) {
      JsonNode first = late.await("layers", "the first", event -> event.has("history"));
      assertTrue(first.get("history").size() >= 4, first::toString);
      assertTrue(first.at("/history/0/ratios").has("conv.weight"));
    }
    BufferedImage filters = picture(page.get("/api/layers/filters.png?step=40"));
    assertEquals(4 * 36 - 6, filters.getWidth());
  }

  @Test
  void versionsHaveTheirManifestsAndDifferences() throws Exception {
    List<SnapshotManifest> manifests = run.manifests();
    SnapshotManifest newest = manifests.getLast();
    JsonNode versions =
        events.await(
            "snapshots",
            "version " + newest.getVersion(),
            event -> event.at("/versions/0/version").asLong() >= newest.getVersion());
    JsonNode row = versions.get("versions").get(0);
    assertEquals(newest.getSha256(), row.get("sha256").asText());
    assertEquals(newest.getParentVersion().orElse(0L), row.get("parent").asLong());
    // Four were published and three are kept.
    events.await(
        "snapshots",
        "one that is gone",
        event ->
            event.get("versions").size() >= 4
                && event.findValues("retained").stream().anyMatch(each -> !each.asBoolean()));
    assertEquals(404, page.get("/api/snapshots/1").statusCode());
    JsonNode manifest = page.json("/api/snapshots/" + newest.getVersion());
    assertEquals(newest.getChecksum(), manifest.get("checksum").asText());
    assertEquals(newest.getTensors().size(), manifest.get("tensors").size());
    assertEquals("PARAMETER", manifest.at("/tensors/0/kind").asText());

    long before = newest.getVersion() - 1;
    JsonNode diff = page.json("/api/snapshots/" + before + "/diff/" + newest.getVersion());
    assertEquals(newest.getTensors().size(), diff.get("tensors").size());
    JsonNode weight = diff.at("/tensors/0");
    assertTrue(weight.get("relativeChange").asDouble() > 0 && !weight.get("equal").asBoolean());
    assertEquals(
        newest.getMetrics().getWindowLoss(), diff.at("/metrics/b/windowLoss").asDouble(), 1e-12);
    JsonNode same = page.json("/api/snapshots/" + before + "/diff/" + before);
    assertTrue(same.at("/tensors/0/equal").asBoolean());
    assertEquals(404, page.get("/api/snapshots/1/diff/2").statusCode());
  }

  @Test
  void theStreamHasOffsetsGroupAndBrokers() {
    JsonNode stream =
        events.await(
            "stream",
            "the learner's group and what it has committed",
            event ->
                event.at("/group/members").size() > 0
                    && partition(event, run.topics().images()).path("committed").asLong() > 0);
    assertEquals(run.applicationId(), stream.at("/group/id").asText());
    assertEquals(9, stream.get("partitions").size());
    JsonNode images = partition(stream, run.topics().images());
    assertEquals("[1]", images.get("isr").toString());
    assertEquals(
        images.get("end").asLong() - images.get("committed").asLong(), images.get("lag").asLong());
    assertTrue(stream.at("/brokers/0/controller").asBoolean());
    events.await("status", "connected", event -> event.get("connected").asBoolean());
  }

  private static JsonNode partition(JsonNode stream, String topic) {
    for (JsonNode partition : stream.get("partitions")) {
      if (partition.get("topic").asText().equals(topic)) {
        return partition;
      }
    }
    return MissingNode.getInstance();
  }

  @Test
  void thePredictionIsThatOfThePredictor() throws Exception {
    SubscriberConfig follow =
        new SubscriberConfig(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            run.topics().snapshots(),
            Optional.of(TestLearner.MODEL),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    try (Predictor predictor = new Predictor(Predictor.Options.defaults());
        SnapshotSubscriber subscriber = SnapshotSubscriber.start(follow, predictor)) {
      subscriber.awaitFirst(Eventually.DEADLINE);
      for (int index = 0; index < 3; index++) {
        byte[] png = page.get("/api/images/0/" + index + ".png").body();
        JsonNode answer =
            Eventually.await(
                "the same version",
                () -> sameVersion(png, predictor),
                () -> "version " + predictor.snapshot());
        Answer expected = predictor.predict(Images.pixels(index));
        assertEquals(expected.label(), answer.get("label").asInt());
        assertEquals(expected.className().orElseThrow(), answer.get("className").asText());
        for (int c = 0; c < Images.CLASSES; c++) {
          assertEquals(
              expected.probabilities()[c], (float) answer.get("probabilities").get(c).asDouble());
        }
        String seen = answer.get("input").asText().replace("data:image/png;base64,", "");
        assertArrayEquals(
            Images.pixels(index),
            pixels(ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(seen)))));
      }
    }
    assertEquals(422, page.post("/api/predict", "image/png", new byte[10]).statusCode());
    assertEquals(415, page.post("/api/predict", "image/gif", new byte[10]).statusCode());
    assertEquals(413, page.post("/api/predict?fit=1", "image/png", new byte[5 << 20]).statusCode());
  }

  private static Optional<JsonNode> sameVersion(byte[] png, Predictor predictor) {
    try {
      JsonNode answer = PageClient.json(page.post("/api/predict", "image/png", png), 200);
      return predictor
          .snapshot()
          .filter(snapshot -> snapshot.version() == answer.get("version").asLong())
          .map(_ -> answer);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void commandsReachTheLearnerAndShow() throws Exception {
    int seen = events.all("metrics").size();
    assertEquals("DONE", page.control("{\"kind\":\"pause\"}").get("outcome").asText());
    Eventually.await(
        "the page shows the pause",
        () ->
            events.all("metrics").stream()
                .skip(seen)
                .filter(event -> event.at("/latest/paused").asBoolean())
                .findFirst(),
        () -> "none");
    int paused = events.all("metrics").size();
    assertEquals("DONE", page.control("{\"kind\":\"resume\"}").get("outcome").asText());
    Eventually.await(
        "the page shows that it is over",
        () ->
            events.all("metrics").stream()
                .skip(paused)
                .filter(event -> !event.at("/latest/paused").asBoolean())
                .findFirst(),
        () -> "none");
    assertEquals(
        "DONE",
        page.control("{\"kind\":\"learningRate\",\"rate\":0.0125}").get("outcome").asText());
    events.await("journal", "the rate", event -> event.toString().contains("0.0125"));
    long version = run.manifests().getLast().getVersion();
    assertEquals(
        "DONE",
        page.control("{\"kind\":\"alias\",\"alias\":\"champion\",\"version\":" + version + "}")
            .get("outcome")
            .asText());
    events.await(
        "snapshots", "the alias", event -> event.at("/aliases/champion").asLong() == version);
    JsonNode refused = page.control("{\"kind\":\"rollBack\",\"version\":123456}");
    assertEquals("REJECTED", refused.get("outcome").asText());
    for (String bad :
        List.of(
            "{\"kind\":\"dance\"}",
            "[]",
            "{\"kind\":\"rollBack\"}",
            "{\"kind\":\"learningRate\",\"rate\":-1}",
            "{\"kind\":\"alias\",\"version\":1}",
            "{\"kind\":\"pause\"} {}")) {
      var response =
          page.post("/api/control", "application/json", bad.getBytes(StandardCharsets.UTF_8));
      assertEquals(400, response.statusCode(), bad);
    }
  }

  @Test
  void aNewPageGetsEveryKindOfEventAtOnce() throws Exception {
    Set<String> kinds =
        new TreeSet<>(
            List.of(
                "state",
                "status",
                "metrics",
                "images",
                "deadletters",
                "layers",
                "snapshots",
                "stream",
                "journal"));
    try (PageClient.Events late = page.events()) {
      for (String kind : kinds) {
        late.await(kind, "the first", _ -> true);
      }
    }
  }
}
