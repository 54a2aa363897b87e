package io.millrace.tests.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.Response;
import io.millrace.app.http.Streamed;
import io.millrace.app.http.WebServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Paths, methods, headers and streams of the HTTP server. */
@Timeout(60)
class WebServerTest {
  private static final long SHORT_MS = 300;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void closeClient() {
    client.shutdownNow();
  }

  private static WebServer.Options options() {
    return WebServer.Options.of("test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private HttpResponse<String> send(WebServer server, String method, String path)
      throws IOException, InterruptedException {
    return client.send(
        request(server, path).method(method, BodyPublishers.noBody()).build(),
        BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(WebServer server, String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private static Endpoint says(String text) {
    return Endpoint.get(() -> Response.text("text/plain", text));
  }

  @Test
  void findsTheExactPathAndElseTheLongestThatItIsBelow() throws Exception {
    Map<String, Endpoint> endpoints =
        Map.of(
            "/", says("root"),
            "/api/*", says("api"),
            "/api/snapshots", says("list"),
            "/api/snapshots/*", says("one"),
            "/api/snapshots/newest", says("newest"));
    try (WebServer server = WebServer.start(options(), endpoints, meters)) {
      assertEquals("root", send(server, "GET", "/").body());
      assertEquals("list", send(server, "GET", "/api/snapshots").body());
      assertEquals("one", send(server, "GET", "/api/snapshots/12").body());
      assertEquals("one", send(server, "GET", "/api/snapshots/12/weights").body());
      assertEquals("newest", send(server, "GET", "/api/snapshots/newest?deep=1").body());
      assertEquals("api", send(server, "GET", "/api/other").body());
      assertEquals(404, send(server, "GET", "/other").statusCode());
      assertEquals(404, send(server, "GET", "/api").statusCode());
    }
    assertEquals(6, meters.get("millrace.test.requests").tag("status", "200").counter().count());
    assertEquals(2, meters.get("millrace.test.requests").tag("status", "404").counter().count());
  }

  @Test
  void takesSeveralMethodsAtOnePathAndNamesThemToOthers() throws Exception {
    Endpoint both =
        Endpoint.byMethod(
            Map.of(
                "GET", _ -> Response.text("text/plain", "got"),
                "PUT", exchange -> Response.text("text/plain", exchange.getRequestMethod())));
    try (WebServer server = WebServer.start(options(), Map.of("/both", both), meters)) {
      assertEquals("got", send(server, "GET", "/both").body());
      assertEquals("PUT", send(server, "PUT", "/both").body());
      HttpResponse<String> head = send(server, "HEAD", "/both");
      assertEquals("", head.body());
      assertEquals("3", head.headers().firstValue("Content-Length").orElseThrow());
      HttpResponse<String> wrong = send(server, "DELETE", "/both");
      assertEquals(405, wrong.statusCode());
      assertEquals("GET, PUT", wrong.headers().firstValue("Allow").orElseThrow());
    }
  }

  @Test
  void headersOfTheServerYieldToThoseOfAnAnswer() throws Exception {
    Endpoint cached =
        Endpoint.get(() ->
            new Response(200, "text/css", new byte[] {'x'}, Map.of("Cache-Control", "max-age=9")));
    WebServer.Options options =
        options().withHeaders(Map.of("Content-Security-Policy", "default-src 'none'"));
    try (WebServer server =
        WebServer.start(options, Map.of("/a", cached, "/b", says("b")), meters)) {
      HttpResponse<String> own = send(server, "GET", "/a");
      assertEquals("max-age=9", own.headers().firstValue("Cache-Control").orElseThrow());
      HttpResponse<String> common = send(server, "GET", "/b");
      assertEquals("no-store", common.headers().firstValue("Cache-Control").orElseThrow());
      HttpResponse<String> problem = send(server, "GET", "/c");
      for (HttpResponse<String> response : List.of(own, common, problem)) {
        assertEquals(
            "default-src 'none'",
            response.headers().firstValue("Content-Security-Policy").orElseThrow());
      }
    }
  }

  @Test
  void aStreamOutlivesTheLimitOfItsWritesAndEndsWithTheServer() throws Exception {
    BlockingQueue<String> events = new ArrayBlockingQueue<>(10);
    CountDownLatch ended = new CountDownLatch(1);
    Endpoint stream =
        Endpoint.get(() ->
            Streamed.events(out -> {
              try {
                while (true) {
                  out.write(events.take().getBytes(StandardCharsets.UTF_8));
                  out.flush();
                }
              } finally {
                ended.countDown();
              }
            }));
    WebServer server =
        WebServer.start(options().withWriteLimitMs(SHORT_MS), Map.of("/events", stream), meters);
    try (server) {
      HttpResponse<InputStream> response =
          client.send(request(server, "/events").build(), BodyHandlers.ofInputStream());
      assertEquals(
          "text/event-stream; charset=utf-8",
          response.headers().firstValue("Content-Type").orElseThrow());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        for (int i = 0; i < 3; i++) {
          events.add("data: " + i + "\n");
          assertEquals("data: " + i, lines.readLine());
          Thread.sleep(2 * SHORT_MS);
        }
        server.close();
        ended.await();
      }
    }
  }

  @Test
  void aClientThatTakesNothingLosesItsStream() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Endpoint flood =
        Endpoint.get(() ->
            Streamed.events(out -> {
              try {
                byte[] much = new byte[1 << 16];
                while (true) {
                  out.write(much);
                  out.flush();
                }
              } finally {
                ended.countDown();
              }
            }));
    try (WebServer server =
            WebServer.start(
                options().withWriteLimitMs(SHORT_MS),
                Map.of("/flood", flood, "/b", says("b")),
                meters);
        Socket idle = new Socket(server.address().getAddress(), server.address().getPort())) {
      idle.getOutputStream()
          .write("GET /flood HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      ended.await();
      assertEquals("b", send(server, "GET", "/b").body());
    }
  }

  @Test
  void aFailureOfAnEndpointIsAnAnswer() throws Exception {
    Endpoint broken =
        Endpoint.get(() -> {
          throw new IllegalStateException("planted");
        });
    int port;
    try (WebServer server = WebServer.start(options(), Map.of("/broken", broken), meters)) {
      port = server.address().getPort();
      HttpResponse<String> response = send(server, "GET", "/broken");
      assertEquals(500, response.statusCode());
      assertTrue(response.body().contains("its log says how"), response.body());
    }
    assertThrows(
        IOException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
  }
}
