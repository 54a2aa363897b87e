package io.millrace.tests.compose;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.Main;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every meter that a dashboard asks for is there when learner and server are. */
class DashboardMetersTest {

  /** Prometheus makes it itself. */
  private static final Set<String> NOT_SCRAPED = Set.of("up");

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
  void everyMeterOfTheDashboardsIsScraped() throws Exception {
    int learnerPort = freePort();
    int serverPort = freePort();
    run("topics", "create", "-b", cluster.bootstrapServers());
    run(
        "produce",
        "-b",
        cluster.bootstrapServers(),
        "--dataset",
        "fashion-mnist-sample",
        "--limit",
        "640");
    try (Running learner =
            new Running(
                "train",
                "--http-port",
                Integer.toString(learnerPort),
                "--progress-seconds",
                "0",
                "--set",
                "snapshots.everySteps=5",
                "--set",
                "kafka.commit.interval.ms=100",
                "--set",
                "kafka.state.dir=" + folder.resolve("state"));
        Running server = new Running("serve", "--port", Integer.toString(serverPort));
        HttpClient client = HttpClient.newHttpClient()) {
      awaitReady(client, learnerPort, learner);
      awaitReady(client, serverPort, server);
      // Some are there only when something has happened.
      run("control", "publish", "-b", cluster.bootstrapServers());
      System.gc();

      Map<String, String> wanted = Dashboards.meters();
      wanted.keySet().removeAll(NOT_SCRAPED);
      assertTrue(wanted.size() > 40, "meters of the dashboards: " + wanted.keySet());
      Set<String> scraped = new TreeSet<>();
      Eventually.await(
          "all meters of the dashboards",
          () -> {
            scraped.addAll(names(get(client, learnerPort, "/metrics").body()));
            scraped.addAll(names(get(client, serverPort, "/metrics").body()));
            wanted.keySet().removeAll(scraped);
            return wanted.isEmpty() ? Optional.of(scraped) : Optional.empty();
          },
          () -> "none named " + wanted);
    }
  }

  private static void awaitReady(HttpClient client, int port, Running program) {
    Eventually.await(
        program + " ready",
        () -> {
          try {
            return Optional.of(get(client, port, "/readyz")).filter(r -> r.statusCode() == 200);
          } catch (IllegalStateException _) {
            return Optional.empty(); // does not listen yet
          }
        },
        program::said);
  }

  private static Set<String> names(String metrics) {
    return metrics
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toSet());
  }

  private static HttpResponse<String> get(HttpClient client, int port, String path) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException("no answer at " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void run(String... arguments) {
    StringWriter said = new StringWriter();
    PrintWriter to = new PrintWriter(said, true);
    assertEquals(0, Main.execute(to, to, arguments), said::toString);
  }

  /** A command that runs until it is closed, as Ctrl-C does. */
  private static final class Running implements AutoCloseable {
    private final StringWriter said = new StringWriter();
    private final List<String> arguments;
    private final Thread thread;

    Running(String... arguments) {
      this.arguments = new ArrayList<>(List.of(arguments));
      this.arguments.addAll(List.of("-b", cluster.bootstrapServers()));
      PrintWriter to = new PrintWriter(said, true);
      thread =
          Thread.ofPlatform()
              .daemon()
              .name(arguments[0])
              .start(() -> {
                var _ = Main.execute(to, to, this.arguments.toArray(String[]::new));
              });
    }

    String said() {
      return (thread.isAlive() ? "running: " : "ended: ") + said;
    }

    @Override
    public String toString() {
      return arguments.getFirst();
    }

    @Override
    public void close() {
      thread.interrupt();
      try {
        assertTrue(thread.join(Eventually.DEADLINE), () -> "expected its end: " + this);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for the end of " + this, e);
      }
    }
  }
}
