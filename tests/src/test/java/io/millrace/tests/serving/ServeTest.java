package io.millrace.tests.serving;

import static io.millrace.tests.serving.HttpClientOf.field;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import io.millrace.app.process.Threads;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import io.millrace.tests.support.Images;
import io.millrace.tests.support.Run;
import io.millrace.tests.support.TestLearner;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace serve} with a model that a learner published, and real images. */
class ServeTest {
  private static final int SIDE = Images.SIDE;
  private static final int HELD_OUT = 1_000;
  private static final Pattern URL = Pattern.compile("at (http://127\\.0\\.0\\.1:[0-9]+);");
  private static final TestLearner LEARNER = TestLearner.withDefaults().withSnapshots(2, 3);

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

  /** A command line on a thread of its own. */
  private record Command(Thread thread, StringWriter out, StringWriter err)
      implements AutoCloseable {
    static Command start(String... arguments) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      Thread thread =
          Thread.ofPlatform()
              .daemon()
              .start(() ->
                  Main.execute(new PrintWriter(out, true), new PrintWriter(err, true), arguments));
      return new Command(thread, out, err);
    }

    String awaitUrl() {
      return Eventually.await(
          "the address",
          () -> {
            Matcher matcher = URL.matcher(out.toString());
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
          },
          () -> out + " " + err);
    }

    @Override
    public void close() {
      thread.interrupt();
      Threads.join(thread);
    }
  }

  private static void awaitReady(HttpClientOf http) {
    Eventually.await(
        "/readyz",
        () -> Optional.of(status(http, "/readyz")).filter(status -> status == 200),
        () -> "" + status(http, "/readyz"));
  }

  private static int status(HttpClientOf http, String path) {
    try {
      return http.get(path).statusCode();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void answersRealImagesInEveryFormAsThePredictorDoes() throws Exception {
    Run run = Run.of(cluster, "serve", LEARNER, cluster.createImages(cluster.newRun("serve")));
    try (Command command =
            Command.start(
                "serve",
                "--port",
                "0",
                "--bootstrap-servers",
                cluster.bootstrapServers(),
                "--set",
                "model=" + TestLearner.MODEL,
                "--set",
                "topics.snapshots=" + run.topics().snapshots());
        HttpClientOf http = new HttpClientOf(command.awaitUrl())) {
      // It listens before there is a model, and says so.
      assertEquals(200, http.get("/livez").statusCode());
      assertEquals(503, http.get("/readyz").statusCode());
      assertEquals(503, http.get("/model").statusCode());
      assertEquals(503, http.post("image/png", png(HELD_OUT)).statusCode());

      cluster.send(Images.records(run.topics().images(), 0, 4 * LEARNER.batch()));
      run.learnTo(4);
      awaitReady(http);
      try (Predictor predictor = new Predictor(Predictor.Options.defaults());
          SnapshotSubscriber subscriber = SnapshotSubscriber.start(subscription(run), predictor)) {
        assertEquals(2, subscriber.awaitFirst(Eventually.DEADLINE).version());
        Eventually.await(
            "version 2",
            () -> Optional.of(body(http, "/model")).filter(b -> field(b, "version").equals("2")),
            () -> body(http, "/model"));
        for (int image = HELD_OUT; image < HELD_OUT + 10; image++) {
          byte[] pixels = Images.pixels(image);
          Answer expected = predictor.predict(pixels);
          require(expected, http.post("image/png", png(image)));
          require(expected, http.json("{\"pixels\":" + Arrays.toString(unsigned(pixels)) + "}"));
          require(expected, http.json("{\"pixels\":" + nested(unsigned(pixels)) + "}"));
          require(expected, http.json("{\"pixels\":[" + nested(unsigned(pixels)) + "]}"));
          byte[] jpeg = jpeg(image);
          require(predictor.predict(decoded(jpeg)), http.post("image/jpeg; quality=high", jpeg));
        }
        requireBatch(predictor, http);
      }
      String metrics = http.get("/metrics").body();
      assertTrue(metrics.contains("millrace_serving_predictions_total 70"), metrics);
      assertTrue(metrics.contains("millrace_serving_model_version"), metrics);
      assertTrue(metrics.contains("millrace_serve_requests_total{status=\"200\"}"), metrics);
      assertTrue(command.out().toString().contains("curl --data-binary"), command.out()::toString);
    }
  }

  private static void requireBatch(Predictor predictor, HttpClientOf http) throws Exception {
    List<byte[]> images =
        IntStream.range(HELD_OUT, HELD_OUT + 20).mapToObj(Images::pixels).toList();
    String body =
        images.stream()
            .map(pixels -> Arrays.toString(unsigned(pixels)))
            .collect(Collectors.joining(",", "{\"images\":[", "]}"));
    HttpResponse<String> response = http.json(body);
    assertEquals(200, response.statusCode(), response.body());
    List<String> labels =
        Pattern.compile("\"label\":([0-9]+)")
            .matcher(response.body())
            .results()
            .map(match -> match.group(1))
            .toList();
    assertEquals(
        predictor.predict(images).stream().map(answer -> "" + answer.label()).toList(), labels);
  }

  private static void require(Answer expected, HttpResponse<String> response) {
    String body = response.body();
    assertEquals(200, response.statusCode(), body);
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElse(""));
    assertEquals("\"" + TestLearner.MODEL + "\"", field(body, "model"));
    assertEquals("" + expected.version(), field(body, "version"));
    assertEquals("" + expected.label(), field(body, "label"));
    assertEquals("false", field(body, "stale"));
    assertTrue(Long.parseLong(field(body, "ageMs")) >= 0, body);
    assertEquals(
        Arrays.toString(expected.probabilities()).replace(" ", ""), field(body, "probabilities"));
  }

  private static String body(HttpClientOf http, String path) {
    try {
      return http.get(path).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static SubscriberConfig subscription(Run run) {
    return new SubscriberConfig(
        Map.of("bootstrap.servers", cluster.bootstrapServers()),
        run.topics().snapshots(),
        Optional.of(TestLearner.MODEL),
        SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  private static byte[] png(int image) throws IOException {
    return file("png", Images.pixels(image));
  }

  private static byte[] jpeg(int image) throws IOException {
    return file("jpeg", Images.pixels(image));
  }

  private static byte[] file(String format, byte[] pixels) throws IOException {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(picture, format, bytes), format);
    return bytes.toByteArray();
  }

  private static byte[] decoded(byte[] file) throws IOException {
    Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
    return (byte[]) raster.getDataElements(0, 0, SIDE, SIDE, new byte[SIDE * SIDE]);
  }

  private static int[] unsigned(byte[] pixels) {
    return IntStream.range(0, pixels.length).map(i -> pixels[i] & 0xff).toArray();
  }

  /** As [h][w]. */
  private static String nested(int[] pixels) {
    return IntStream.range(0, SIDE)
        .mapToObj(row -> Arrays.toString(Arrays.copyOfRange(pixels, row * SIDE, (row + 1) * SIDE)))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
