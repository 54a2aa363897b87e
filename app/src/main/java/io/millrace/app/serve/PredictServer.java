package io.millrace.app.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotSubscriber;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: one virtual thread for each request, and limits on everything that a client may
 * send. It listens at once; it is ready when a verified model is.
 */
public final class PredictServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PredictServer.class);
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;
  private static final int FAILED = 500;
  private static final int BACKLOG = 128;
  private static final int CLOSE_SECONDS = 2;

  /**
   * What the JDK's server takes as system properties, once for the JVM: a client has 10 seconds to
   * send a request and as long to take the answer.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.maxRspTime", "10",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "sun.net.httpserver.nodelay", "true",
          "jdk.httpserver.maxConnections", "128");

  private final HttpServer server;
  private final ExecutorService threads;
  private final PrometheusMeterRegistry meters;
  private final Map<String, Endpoint> endpoints = new TreeMap<>();

  private PredictServer(HttpServer server, PrometheusMeterRegistry meters) {
    this.server = server;
    this.meters = meters;
    this.threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  /**
   * Begins to listen.
   *
   * @param meters what {@code /metrics} prints, with a count of requests beside
   * @throws IOException if the address cannot be had
   */
  public static PredictServer start(
      ServeOptions options,
      Predictor predictor,
      SnapshotSubscriber subscriber,
      PrometheusMeterRegistry meters)
      throws IOException {
    LIMITS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    PredictServer server = new PredictServer(HttpServer.create(options.address(), BACKLOG), meters);
    ModelEndpoints model = new ModelEndpoints(predictor, subscriber);
    server.endpoints.put("/predict", new PredictHandler(predictor, options));
    server.endpoints.put("/livez", Endpoint.get(ModelEndpoints::live));
    server.endpoints.put("/readyz", Endpoint.get(model::ready));
    server.endpoints.put("/model", Endpoint.get(model::model));
    server.endpoints.put(
        "/metrics",
        Endpoint.get(
            () -> Response.text("text/plain; version=0.0.4; charset=utf-8", meters.scrape())));
    server.server.createContext("/", server::handle);
    server.server.setExecutor(server.threads);
    server.server.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Response response = respond(exchange);
      Counter.builder("millrace.serve.requests")
          .description("HTTP requests.")
          .tag("status", Integer.toString(response.status()))
          .register(meters)
          .increment();
      send(exchange, response);
    }
  }

  private Response respond(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().getPath();
      Endpoint endpoint = path == null ? null : endpoints.get(path);
      if (endpoint == null) {
        throw new HttpProblem(NOT_FOUND, "path: expected one of " + endpoints.keySet());
      }
      String method =
          exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
      if (!method.equals(endpoint.method())) {
        throw new HttpProblem(
            WRONG_METHOD,
            path + ": expected " + endpoint.method(),
            Map.of("Allow", endpoint.method()));
      }
      return endpoint.answer(exchange);
    } catch (HttpProblem e) {
      return Response.of(e);
    } catch (RuntimeException e) {
      LOG.error("{} {}: failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return Response.of(new HttpProblem(FAILED, "the server failed; its log says how"));
    }
  }

  private static void send(HttpExchange exchange, Response response) throws IOException {
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", response.contentType());
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    response.headers().forEach(headers::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      headers.set("Content-Length", Integer.toString(response.body().length));
      exchange.sendResponseHeaders(response.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(response.status(), response.body().length);
    exchange.getResponseBody().write(response.body());
  }

  /** Stops listening; requests under way have two seconds to end. */
  @Override
  public void close() {
    server.stop(CLOSE_SECONDS);
    threads.shutdownNow();
  }
}
