package io.millrace.tests.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.dashboard.Dashboard;
import io.millrace.app.dashboard.DashboardSettings;
import io.millrace.schemas.RecordSignatures.TrustedKeys;
import io.millrace.serving.ModelSelection;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.TestLearner;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who may see the page and give commands. It needs no broker: none is reached. */
@Timeout(120)
class AccessTest {
  private static final String TOKEN = "0123456789abcdef-token";
  private static final List<String> API =
      List.of(
          "/api/state",
          "/api/events",
          "/api/history",
          "/api/images/0/0.png",
          "/api/deadletters/0/0.png",
          "/api/layers/filters.png",
          "/api/snapshots/1",
          "/api/snapshots/1/diff/2",
          "/api/anything");

  @TempDir Path folder;

  private LearnerConfig config() {
    return TestLearner.withDefaults()
        .config("nobody", Cluster.topics("nobody", "images"), "127.0.0.1:1", folder);
  }

  private DashboardSettings settings(Optional<String> token, boolean readOnly) {
    return new DashboardSettings(
        config(),
        true,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        token,
        new ModelSelection.Newest(),
        TrustedKeys.none(),
        Optional.empty(),
        readOnly);
  }

  /** A request line and headers as they are; the status of the answer. */
  private static int raw(Dashboard dashboard, String request) throws IOException {
    try (Socket socket =
        new Socket(dashboard.address().getAddress(), dashboard.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(status, StandardCharsets.US_ASCII).substring(9));
    }
  }

  private static int host(Dashboard dashboard, String host) throws IOException {
    return raw(dashboard, "GET /api/state HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
  }

  @Test
  void onLoopbackOnlyItsOwnNamesAreAnswered() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.empty(), false))) {
      for (String own : List.of("localhost", "127.0.0.1:8090", "LOCALHOST:1", "[::1]:8090")) {
        assertEquals(200, host(dashboard, own), own);
      }
      for (String other :
          List.of("evil.example", "127.0.0.1.evil.example:8090", "localhost.evil.example", "")) {
        assertEquals(403, host(dashboard, other), other);
      }
      assertEquals(403, raw(dashboard, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
    }
  }

  @Test
  void withATokenNothingIsToldWithoutIt() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.of(TOKEN), false));
        PageClient with = new PageClient(dashboard.url());
        PageClient without = new PageClient(dashboard.url().split("#", 2)[0]);
        PageClient wrong = new PageClient(dashboard.url() + "x")) {
      assertTrue(dashboard.url().endsWith("/#token=" + TOKEN), dashboard.url());
      for (String path : API) {
        assertEquals(401, without.get(path).statusCode(), path);
        assertEquals(401, wrong.get(path).statusCode(), path);
      }
      byte[] command = "{\"kind\":\"pause\"}".getBytes(StandardCharsets.UTF_8);
      for (String path : List.of("/api/control", "/api/predict")) {
        assertEquals(401, without.post(path, "application/json", command).statusCode());
      }
      assertEquals(TestLearner.MODEL, with.json("/api/state").get("model").asText());
    }
  }

  @Test
  void beyondLoopbackATokenIsNeeded() {
    DashboardSettings open =
        new DashboardSettings(
            config(),
            true,
            new InetSocketAddress(0),
            Optional.empty(),
            new ModelSelection.Newest(),
            TrustedKeys.none(),
            Optional.empty(),
            false);
    assertThrows(IllegalArgumentException.class, () -> Dashboard.start(open).close());
  }

  @Test
  void anotherSitesPageCanChangeNothing() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.empty(), false));
        PageClient page = new PageClient(dashboard.url())) {
      String own = "http://127.0.0.1:" + dashboard.address().getPort();
      for (String path : List.of("/api/control", "/api/predict")) {
        assertEquals(403, post(page, path, "https://evil.example", true));
        assertEquals(403, post(page, path, "null", true));
        assertEquals(403, post(page, path, "http://127.0.0.1:1", true));
        assertEquals(403, post(page, path, own, false));
      }
      // It may: what it sends is none of either.
      assertEquals(400, post(page, "/api/control", own, true));
      assertEquals(415, post(page, "/api/predict", own, true));
      HttpResponse<byte[]> state = page.get("/api/state");
      assertFalse(state.headers().firstValue("Access-Control-Allow-Origin").isPresent());
      assertEquals(
          "same-origin", state.headers().firstValue("Cross-Origin-Resource-Policy").orElse(""));
    }
  }

  private static int post(PageClient page, String path, String origin, boolean header)
      throws IOException, InterruptedException {
    var request = page.request(path).header("Origin", origin).POST(BodyPublishers.ofString("[]"));
    return page.send(header ? request.header("X-Millrace", "1").build() : request.build())
        .statusCode();
  }

  @Test
  void aPageThatOnlyReadsGivesNoCommands() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.empty(), true));
        PageClient page = new PageClient(dashboard.url())) {
      assertFalse(page.json("/api/state").get("canControl").asBoolean());
      byte[] command = "{\"kind\":\"pause\"}".getBytes(StandardCharsets.UTF_8);
      assertEquals(403, page.post("/api/control", "application/json", command).statusCode());
    }
  }

  @Test
  void filesComeFromTheFolderOfThePageAlone() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.empty(), false));
        PageClient page = new PageClient(dashboard.url())) {
      for (String path :
          List.of(
              "/../Dashboard.class",
              "/%2e%2e/Dashboard.class",
              "/..%2fDashboard.class",
              "/app/../../Dashboard.class",
              "//etc/passwd",
              "/.hidden.js",
              "/web/index.html",
              "/%00index.html")) {
        assertEquals(
            404, raw(dashboard, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"), path);
      }
      String policy =
          page.get("/api/state").headers().firstValue("Content-Security-Policy").orElse("");
      assertTrue(policy.startsWith("default-src 'none'; script-src 'self';"), policy);
      assertFalse(policy.contains("unsafe"), policy);
    }
  }

  @Test
  void onlySoManyPagesAreServedAtATime() throws Exception {
    try (Dashboard dashboard = Dashboard.start(settings(Optional.empty(), false));
        PageClient page = new PageClient(dashboard.url())) {
      List<PageClient.Events> open = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        PageClient.Events events = page.events();
        events.await("state", "the first", _ -> true);
        open.add(events);
      }
      assertEquals(503, page.get("/api/events").statusCode());
      open.forEach(PageClient.Events::close);
    }
  }
}
