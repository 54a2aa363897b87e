package io.millrace.tests.serving;

import static io.millrace.tests.serving.HttpClientOf.field;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.serve.PredictServer;
import io.millrace.app.serve.ServeOptions;
import io.millrace.serving.Freshness;
import io.millrace.serving.Freshness.OnStale;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that are wrong, too large, too many or too slow, and models that are too old. */
class HostileRequestTest {
  private static final CountingModel MODEL = CountingModel.small();
  private static final int MAX_BODY = 20_000;
  private static final String NINE = "[255,255,255,255,255,255,255,255,255]";

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static Cluster cluster;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static SnapshotWriter writer;

  @BeforeAll
  static void startBroker() {
    cluster = Cluster.embedded(folder);
    writer = Serving.writer(cluster, MODEL, "served");
    writer.publish(1, 0);
  }

  @AfterAll
  static void stopBroker() {
    writer.close();
    cluster.close();
  }

  /** A server with a model, and a client. */
  private record Served(
      Predictor predictor, SnapshotSubscriber subscriber, PredictServer server, HttpClientOf http)
      implements AutoCloseable {
    static Served start(Predictor.Options options, int maxConcurrent) throws Exception {
      Predictor predictor = new Predictor(options);
      SnapshotSubscriber subscriber =
          SnapshotSubscriber.start(Serving.config(cluster, writer), predictor);
      Snapshot first = subscriber.awaitFirst(Eventually.DEADLINE);
      assertEquals(1, first.version());
      PredictServer server =
          PredictServer.start(
              new ServeOptions(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                  MAX_BODY,
                  3,
                  maxConcurrent),
              predictor,
              subscriber,
              new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
      return new Served(predictor, subscriber, server, new HttpClientOf(server.address()));
    }

    void requireAnswers() throws Exception {
      HttpResponse<String> response = http.json("{\"pixels\":" + NINE + "}");
      assertEquals(200, response.statusCode(), response.body());
      assertEquals(
          Arrays.toString(MODEL.answer(1)).replace(" ", ""),
          field(response.body(), "probabilities"));
      assertEquals("\"two\"", field(response.body(), "className"));
    }

    @Override
    public void close() {
      http.close();
      server.close();
      subscriber.close();
      predictor.close();
    }
  }

  private static void refused(int status, String part, HttpResponse<String> response) {
    assertEquals(status, response.statusCode(), response.body());
    assertEquals("" + status, field(response.body(), "status"));
    assertTrue(
        response.body().contains(part), () -> "expected '" + part + "' in " + response.body());
  }

  @Test
  void wrongRequestsAreRefusedWithWhatWasExpected() throws Exception {
    try (Served served = Served.start(Predictor.Options.defaults(), 4)) {
      HttpClientOf http = served.http();
      assertEquals(
          "POST", http.send("GET", "/predict").headers().firstValue("Allow").orElseThrow());
      refused(405, "expected POST", http.send("GET", "/predict"));
      refused(405, "expected GET", http.send("POST", "/metrics"));
      refused(404, "/readyz", http.get("/predict/more"));
      refused(404, "/readyz", http.get("/..%2fetc/passwd"));
      assertEquals(200, http.send("HEAD", "/livez").statusCode());

      refused(415, "image/png", http.post("text/plain", new byte[] {1}));
      refused(415, "image/png", http.post("image/gif", new byte[] {1}));
      refused(400, "got nothing", http.post("image/png", new byte[0]));
      refused(413, "at most 20000 bytes, got 20001", http.post("image/png", new byte[20_001]));
      // Without a length ahead.
      refused(
          413,
          "at most 20000 bytes, got more",
          http.post(
              "application/json",
              BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[50_000]))));
      served.requireAnswers();
    }
  }

  @Test
  void picturesThatAreNoneOrOfAnotherSizeAreRefused() throws Exception {
    try (Served served = Served.start(Predictor.Options.defaults(), 4)) {
      HttpClientOf http = served.http();
      byte[] good = png(3, 3);
      assertEquals(200, http.post("image/png", good).statusCode());
      refused(
          422, "expected height 3 and width 3, got 28 and 30", http.post("image/png", png(30, 28)));
      refused(422, "UNREADABLE_IMAGE", http.post("image/jpeg", good));
      refused(422, "UNREADABLE_IMAGE", http.post("image/png", Arrays.copyOf(good, 40)));
      refused(422, "IMAGE_TOO_LARGE", http.post("image/png", promising(good, 2_000_000_000)));
      served.requireAnswers();
    }
  }

  @Test
  void jsonThatIsNoImageIsRefused() throws Exception {
    try (Served served = Served.start(Predictor.Options.defaults(), 4)) {
      HttpClientOf http = served.http();
      refused(400, "JSON: line 1", http.json("{\"pixels\":[1,2"));
      refused(400, "an object", http.json("[1,2,3]"));
      refused(400, "the field pixels or images", http.json("{}"));
      refused(400, "the field pixels or images", http.json("{\"image\":" + NINE + "}"));
      refused(400, "no other field", http.json("{\"pixels\":" + NINE + ",\"images\":[]}"));
      refused(400, "nothing after", http.json("{\"pixels\":" + NINE + "} {}"));
      refused(400, "expected 9 values", http.json("{\"pixels\":[1,2,3]}"));
      refused(400, "expected 9 values", http.json("{\"pixels\":[]}"));
      refused(400, "got more", http.json("{\"pixels\":" + NINE.replace("]", ",1]") + "}"));
      refused(400, "expected 3 values", http.json("{\"pixels\":[[1,2,3],[1,2,3],[1,2]]}"));
      refused(400, "a list", http.json("{\"pixels\":[[1,2,3],4,5]}"));
      refused(400, "0 to 255", http.json("{\"pixels\":" + NINE.replace("255]", "256]") + "}"));
      refused(400, "0 to 255", http.json("{\"pixels\":" + NINE.replace("255]", "-1]") + "}"));
      refused(400, "0 to 255", http.json("{\"pixels\":" + NINE.replace("255]", "1.5]") + "}"));
      refused(400, "0 to 255", http.json("{\"pixels\":" + NINE.replace("255]", "\"x\"]") + "}"));
      refused(400, "0 to 255", http.json("{\"pixels\":" + NINE.replace("255]", "null]") + "}"));
      refused(
          400,
          "JSON",
          http.json("{\"pixels\":" + NINE.replace("255]", "9".repeat(99) + "]") + "}"));
      refused(400, "JSON", http.json("{\"pixels\":" + NINE.replace("255]", "99999999999]") + "}"));
      refused(400, "JSON", http.json("{\"pixels\":" + "[".repeat(5_000)));
      refused(400, "JSON", http.json("{\"" + "x".repeat(10_000) + "\":1}"));
      refused(400, "at least one image", http.json("{\"images\":[]}"));
      refused(400, "a list of pixels", http.json("{\"images\":[1]}"));
      refused(
          400,
          "at most 3 images",
          http.json("{\"images\":[" + String.join(",", NINE, NINE, NINE, NINE) + "]}"));
      assertEquals(
          200, http.json("{\"images\":[" + String.join(",", NINE, NINE, NINE) + "]}").statusCode());
      served.requireAnswers();
    }
  }

  @Test
  void moreThanMayRunAtOnceAreToldToComeAgain() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    // The first call meets a stale model, and its listener keeps it busy.
    SnapshotListener busy =
        new SnapshotListener() {
          @Override
          public void onSnapshot(Snapshot snapshot) {}

          @Override
          public void onStale(Snapshot snapshot, long ageMs) {
            entered.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    Predictor.Options options =
        Predictor.Options.defaults()
            .withFreshness(
                new Freshness(
                    Duration.ZERO,
                    OnStale.FLAG,
                    Clock.offset(Clock.systemUTC(), Duration.ofHours(1))),
                busy);
    try (Served served = Served.start(options, 1);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<HttpResponse<String>> first =
          threads.submit(() -> served.http().json("{\"pixels\":" + NINE + "}"));
      entered.await();
      HttpResponse<String> second = served.http().json("{\"pixels\":" + NINE + "}");
      refused(429, "at most 1 requests", second);
      assertEquals("1", second.headers().firstValue("Retry-After").orElseThrow());
      goOn.countDown();
      assertEquals(200, first.get().statusCode());
      assertEquals("true", field(first.get().body(), "stale"));
      served.requireAnswers();
    }
  }

  @Test
  void aModelThatIsTooOldMayBeRefused() throws Exception {
    Predictor.Options options =
        Predictor.Options.defaults()
            .withFreshness(
                new Freshness(
                    Duration.ofMinutes(30),
                    OnStale.REFUSE,
                    Clock.offset(Clock.systemUTC(), Duration.ofHours(1))),
                _ -> {});
    try (Served served = Served.start(options, 4)) {
      refused(503, "at most 1800000 ms", served.http().json("{\"pixels\":" + NINE + "}"));
      refused(503, "too old", served.http().get("/readyz"));
      assertEquals(200, served.http().get("/livez").statusCode());
    }
  }

  @Test
  void slowSendersAreCutOffAndHinderNobody() throws Exception {
    try (Served served = Served.start(Predictor.Options.defaults(), 1)) {
      InetSocketAddress address = served.server().address();
      try (Socket headers = new Socket(address.getAddress(), address.getPort());
          Socket body = new Socket(address.getAddress(), address.getPort())) {
        headers.getOutputStream().write(ascii("POST /predict HTTP/1.1\r\nHost: x\r\nConte"));
        body.getOutputStream()
            .write(
                ascii(
                    "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                        + "Content-Length: 1000\r\n\r\nabc"));
        served.requireAnswers();
        // Each ends without an answer once its time is up.
        assertArrayEquals(new byte[0], readToEnd(headers));
        assertArrayEquals(new byte[0], readToEnd(body));
      }
      served.requireAnswers();
    }
  }

  private static byte[] readToEnd(Socket socket) throws IOException {
    socket.setSoTimeout((int) Eventually.DEADLINE.toMillis());
    try {
      return socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      // Cut off with a reset.
      return new byte[0];
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] png(int width, int height) throws IOException {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(picture, "png", bytes));
    return bytes.toByteArray();
  }

  /** The same picture with another size in its header, and a checksum that agrees. */
  private static byte[] promising(byte[] png, int side) {
    byte[] changed = png.clone();
    ByteBuffer header = ByteBuffer.wrap(changed);
    header.putInt(16, side).putInt(20, side);
    CRC32 crc = new CRC32();
    crc.update(changed, 12, 17);
    header.putInt(29, (int) crc.getValue());
    return changed;
  }
}
