package io.millrace.tests.monitoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.LayerStatistics;
import io.millrace.TrainingMetrics;
import io.millrace.app.Main;
import io.millrace.schemas.AvroCodec;
import io.millrace.tests.monitoring.EventFiles.Tagged;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.proto.Summary;

/** Commands with {@code --http-port} and {@code --tensorboard} on a real broker. */
class MonitoringTest {

  private static final int STEPS = 6;
  private static final int BATCH = 20;
  private static final int LAYERS_EVERY = 2;

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

  /** A command's arguments for a model of its own, beside those given. */
  private static String[] arguments(String model, String command, String... more) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("--bootstrap-servers", cluster.bootstrapServers()));
    for (String setting :
        List.of(
            "model=" + model,
            "network=lenet5",
            "threads=1",
            "minibatch.size=" + BATCH,
            "snapshots.everySteps=3",
            "metrics.layersEverySteps=" + LAYERS_EVERY,
            "topics.images=" + model + ".images",
            "topics.metrics=" + model + ".metrics",
            "topics.layers=" + model + ".layers",
            "topics.snapshots=" + model + ".snapshots",
            "topics.deadLetters=" + model + ".dead-letters",
            "topics.unlabeled=" + model + ".unlabeled",
            "topics.predictions=" + model + ".predictions",
            "kafka.state.dir=" + cluster.stateFolder(model))) {
      all.addAll(List.of("--set", setting));
    }
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static void requireLine(String metrics, String line) {
    assertTrue(
        metrics.lines().anyMatch(line::equals),
        () ->
            "expected the line "
                + line
                + " in\n"
                + String.join(
                    "\n", metrics.lines().filter(each -> each.startsWith("millrace")).toList()));
  }

  @Test
  void trainAnswersForItsHealthAndItsMetersAndWritesWhatTensorBoardReads() throws Exception {
    String model = "watched";
    cluster.createImages(model);
    Path board = folder.resolve("board");
    try (RunningCommand train =
        RunningCommand.start(
            arguments(
                model,
                "train",
                "--http-port",
                "0",
                "--progress-seconds",
                "1",
                "--tensorboard",
                board.toString()))) {
      HttpResponse<String> ready = train.await("/readyz", answer -> answer.statusCode() == 200);
      assertTrue(ready.body().contains("\"tasks\":1"), ready.body());
      HttpResponse<String> live = train.get("/livez");
      assertEquals(200, live.statusCode());
      assertTrue(live.body().contains("RUNNING"), live.body());

      cluster.send(
          List.of(new ProducerRecord<>(model + ".images", 0, new byte[] {1}, new byte[] {2})));
      cluster.send(Images.records(model + ".images", 0, STEPS * BATCH));
      String steps = "millrace_training_steps_total{model=\"watched\"} 6.0";
      train.await("/metrics", answer -> answer.body().contains(steps));
      // The consumer reports what it is behind with its next answer.
      String lag = "millrace_training_lag_records{model=\"watched\",partition=\"0\"";
      String metrics =
          train
              .await(
                  "/metrics",
                  answer -> answer.body().contains(lag + ",topic=\"watched.images\"} 0.0"))
              .body();
      requireMeters(metrics);
    }
    requireBoard(board, model, 1);

    // The same from the topics alone.
    Path later = folder.resolve("later");
    StringWriter out = new StringWriter();
    assertEquals(
        0,
        Main.execute(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            arguments(model, "tensorboard", "--exit-when-done", later.toString())),
        out::toString);
    requireBoard(later, model, 1);
  }

  private static void requireMeters(String metrics) {
    requireLine(metrics, "millrace_training_step{model=\"watched\"} 6.0");
    requireLine(metrics, "millrace_training_images_total{model=\"watched\"} 120.0");
    requireLine(metrics, "millrace_training_images_trained{model=\"watched\"} 120.0");
    requireLine(metrics, "millrace_training_step_duration_seconds_count{model=\"watched\"} 6");
    requireLine(metrics, "millrace_training_paused{model=\"watched\"} 0.0");
    requireLine(metrics, "millrace_snapshots_version{model=\"watched\"} 2.0");
    requireLine(metrics, "millrace_snapshots_published_total{model=\"watched\"} 2.0");
    requireLine(
        metrics,
        "millrace_training_dead_letters_total{model=\"watched\",reason=\"UNREADABLE_RECORD\"} 1.0");
    TrainingMetrics last = committedLast("watched");
    requireLine(metrics, "millrace_training_loss{model=\"watched\"} " + last.getWindowLoss());
    requireLine(
        metrics, "millrace_training_accuracy{model=\"watched\"} " + last.getWindowAccuracy());
    requireLine(
        metrics, "millrace_training_learning_rate{model=\"watched\"} " + last.getLearningRate());
    requireLine(
        metrics, "millrace_training_gradient_norm{model=\"watched\"} " + last.getGradientNorm());
    for (String family :
        List.of(
            "jvm_memory_used_bytes{",
            "jvm_threads_live_threads ",
            "process_uptime_seconds ",
            "kafka_stream_",
            "kafka_consumer_",
            "millrace_build_info{")) {
      assertTrue(metrics.lines().anyMatch(line -> line.startsWith(family)), family);
    }
  }

  /** The meters know of a step before its transaction commits. */
  private static TrainingMetrics committedLast(String model) {
    return Eventually.await(
        "the metrics of step " + STEPS,
        () -> metrics(model).stream().filter(each -> each.getStep() == STEPS).findFirst(),
        () -> metrics(model).size() + " records");
  }

  private static List<TrainingMetrics> metrics(String model) {
    AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
    return cluster.read(model + ".metrics").stream()
        .map(record -> codec.decode(record.value()))
        .toList();
  }

  /** Holds what TensorFlow's reader finds against the topics. */
  private static void requireBoard(Path board, String model, long firstStep) throws IOException {
    List<Event> events = EventFiles.read(EventFiles.only(board));
    assertEquals("brain.Event:2", events.getFirst().getFileVersion());
    List<TrainingMetrics> metrics = metrics(model);
    assertEquals(STEPS, metrics.size());
    List<Tagged> losses = EventFiles.values(events, "train/loss");
    List<Tagged> rates = EventFiles.values(events, "optimizer/learning_rate");
    assertEquals(STEPS, losses.size());
    for (int i = 0; i < STEPS; i++) {
      assertEquals(firstStep + i, losses.get(i).step());
      assertEquals(metrics.get(i).getLoss(), losses.get(i).value().getSimpleValue());
      assertEquals(metrics.get(i).getObserved().getTimeMs() / 1000.0, losses.get(i).wallTime());
      assertEquals((float) metrics.get(i).getLearningRate(), rates.get(i).value().getSimpleValue());
    }
    requireLayers(events, model);
  }

  private static void requireLayers(List<Event> events, String model) throws IOException {
    AvroCodec<LayerStatistics> codec = AvroCodec.of(LayerStatistics.class);
    List<LayerStatistics> layers =
        cluster.read(model + ".layers").stream()
            .map(record -> codec.decode(record.value()))
            .toList();
    assertEquals(STEPS / LAYERS_EVERY, layers.size());
    var parameter = layers.getFirst().getParameters().getFirst();
    List<Tagged> weights = EventFiles.values(events, "weights/" + parameter.getName());
    assertEquals(
        layers.stream().map(LayerStatistics::getStep).toList(),
        weights.stream().map(Tagged::step).toList());
    HistogramProto histogram = weights.getFirst().value().getHisto();
    assertEquals(parameter.getWeights().getLow(), histogram.getMin());
    assertEquals(parameter.getWeights().getHigh(), histogram.getMax());
    double[] bins = histogram.getBucketList().stream().mapToDouble(Double::doubleValue).toArray();
    assertArrayEquals(
        parameter.getWeights().getCounts().stream().mapToDouble(Integer::doubleValue).toArray(),
        bins);
    assertEquals(bins.length, histogram.getBucketLimitCount());
    assertEquals(histogram.getMax(), histogram.getBucketLimit(bins.length - 1));
    assertEquals(DoubleStream.of(bins).sum(), histogram.getNum());
    assertTrue(histogram.getNum() > 0);
    assertFalse(
        EventFiles.values(
                events, "activations/" + layers.getFirst().getActivations().getFirst().getLayer())
            .isEmpty());
    var filters = layers.getFirst().getFilters().orElseThrow();
    List<Tagged> pictures = EventFiles.values(events, "filters/" + filters.getParameter());
    assertEquals(layers.size(), pictures.size());
    Summary.Image picture = pictures.getFirst().value().getImage();
    BufferedImage decoded =
        ImageIO.read(new ByteArrayInputStream(picture.getEncodedImageString().toByteArray()));
    assertNotNull(decoded);
    assertEquals(picture.getHeight(), decoded.getHeight());
    assertEquals(picture.getWidth(), decoded.getWidth());
    assertEquals(picture.getColorspace(), decoded.getRaster().getNumBands());
  }

  @Test
  void aDamagedEventFileWouldBeFound() throws Exception {
    String model = "damaged";
    cluster.createImages(model);
    cluster.createTopic(model + ".metrics");
    cluster.createTopic(model + ".layers");
    Path board = folder.resolve("damaged-board");
    StringWriter out = new StringWriter();
    assertEquals(
        0,
        Main.execute(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            arguments(model, "tensorboard", "--exit-when-done", board.toString())),
        out::toString);
    Path file = EventFiles.only(board);
    assertEquals(1, EventFiles.read(file).size());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 1;
    Files.write(file, bytes);
    assertThrows(IOException.class, () -> EventFiles.read(file));
  }

  @Test
  void predictIsLiveButNotReadyBeforeThereIsASnapshot() throws Exception {
    String model = "early";
    cluster.createImages(model);
    cluster.createTopic(model + ".snapshots");
    try (RunningCommand predict =
        RunningCommand.start(arguments(model, "predict", "--http-port", "0"))) {
      assertEquals(200, predict.get("/livez").statusCode());
      HttpResponse<String> ready = predict.get("/readyz");
      assertEquals(503, ready.statusCode());
      assertTrue(
          ready.body().contains("expected a verified snapshot of early on early.snapshots"),
          ready.body());
      assertEquals("1", ready.headers().firstValue("Retry-After").orElseThrow());
      requireLine(predict.get("/metrics").body(), "millrace_predictions_total 0.0");
      assertTrue(predict.printed().contains("health and metrics"), predict.printed());
    }
  }
}
