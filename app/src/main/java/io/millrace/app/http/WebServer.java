package io.millrace.app.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server: one virtual thread for each request, and limits on everything that a client may
 * send and on how long it may take.
 */
public final class WebServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;
  private static final int FAILED = 500;
  private static final int BACKLOG = 128;
  private static final int CLOSE_SECONDS = 2;
  private static final String BELOW = "/*";

  /**
   * What the JDK's server takes as system properties, once for the JVM: a client has 10 seconds to
   * send a request. The time to take an answer is {@link Options#writeLimitMs}.
   */
  private static final Map<String, String> LIMITS =
      Map.of(
          "sun.net.httpserver.maxReqTime", "10",
          "sun.net.httpserver.idleInterval", "30",
          "sun.net.httpserver.maxReqHeaders", "100",
          "sun.net.httpserver.maxReqHeaderSize", "32768",
          "sun.net.httpserver.nodelay", "true",
          "jdk.httpserver.maxConnections", "128");

  private static final Map<String, String> HEADERS =
      Map.of("Cache-Control", "no-store", "X-Content-Type-Options", "nosniff");

  /**
   * Where a server listens, and what is common to its answers.
   *
   * @param name counts its requests as {@code millrace.NAME.requests}
   * @param address port 0 for any that is free
   * @param headers of every answer, in addition to those against caching and sniffing, over which
   *     they win
   * @param writeLimitMs in which a client takes an answer, or one write of a stream
   */
  public record Options(
      String name, InetSocketAddress address, Map<String, String> headers, long writeLimitMs) {
    private static final long WRITE_LIMIT_MS = 10_000;

    public Options {
      headers = Map.copyOf(headers);
    }

    public static Options of(String name, InetSocketAddress address) {
      return new Options(name, address, Map.of(), WRITE_LIMIT_MS);
    }

    public Options withHeaders(Map<String, String> headers) {
      return new Options(name, address, headers, writeLimitMs);
    }

    public Options withWriteLimitMs(long limitMs) {
      return new Options(name, address, headers, limitMs);
    }
  }

  private final Options options;
  private final HttpServer server;
  private final ExecutorService threads;
  private final ScheduledExecutorService timer;
  private final Deadline deadline;
  private final MeterRegistry meters;
  private final Map<String, Endpoint> endpoints;
  private final Set<Thread> streams = ConcurrentHashMap.newKeySet();

  private WebServer(
      Options options, HttpServer server, Map<String, Endpoint> endpoints, MeterRegistry meters) {
    this.options = options;
    this.server = server;
    this.endpoints = new TreeMap<>(endpoints);
    this.meters = meters;
    threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("millrace-" + options.name() + "-", 0).factory());
    timer =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("millrace-" + options.name() + "-timer").daemon().factory());
    deadline = new Deadline(timer, options.writeLimitMs());
  }

  /**
   * Begins to listen.
   *
   * @param endpoints by path; one that ends in {@code /*} is for every path below that has none of
   *     its own, the longest first
   * @param meters where requests are counted by status
   * @throws IOException if the address cannot be had
   */
  public static WebServer start(
      Options options, Map<String, Endpoint> endpoints, MeterRegistry meters) throws IOException {
    LIMITS.forEach((name, value) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, value);
      }
    });
    HttpServer jdk = HttpServer.create(options.address(), BACKLOG);
    WebServer server = new WebServer(options, jdk, endpoints, meters);
    jdk.createContext("/", server::handle);
    jdk.setExecutor(server.threads);
    jdk.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** The method that answers a request: a {@code HEAD} is a {@code GET} without its body. */
  static String method(HttpExchange exchange) {
    return exchange.getRequestMethod().equals("HEAD") ? "GET" : exchange.getRequestMethod();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Answer answer = answer(exchange);
      Counter.builder("millrace." + options.name() + ".requests")
          .description("HTTP requests.")
          .tag("status", Integer.toString(answer.status()))
          .register(meters)
          .increment();
      send(exchange, answer);
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    try {
      String path = exchange.getRequestURI().getPath();
      Endpoint endpoint = path == null ? null : find(path);
      if (endpoint == null) {
        throw new HttpProblem(NOT_FOUND, "path: expected one of " + endpoints.keySet());
      }
      if (!endpoint.methods().contains(method(exchange))) {
        String methods = String.join(", ", endpoint.methods());
        throw new HttpProblem(
            WRONG_METHOD, path + ": expected " + methods, Map.of("Allow", methods));
      }
      return endpoint.answer(exchange);
    } catch (HttpProblem e) {
      return Response.of(e);
    } catch (RuntimeException e) {
      LOG.error("{} {}: failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
      return Response.of(new HttpProblem(FAILED, "the server failed; its log says how"));
    }
  }

  private @Nullable Endpoint find(String path) {
    Endpoint exact = endpoints.get(path);
    int slash = path.lastIndexOf('/');
    while (exact == null && slash >= 0) {
      exact = endpoints.get(path.substring(0, slash) + BELOW);
      slash = path.lastIndexOf('/', slash - 1);
    }
    return exact;
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    var headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    options.headers().forEach(headers::set);
    headers.set("Content-Type", answer.contentType());
    answer.headers().forEach(headers::set);
    if (exchange.getRequestMethod().equals("HEAD")) {
      if (answer instanceof Response response) {
        headers.set("Content-Length", Integer.toString(response.body().length));
      }
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    switch (answer) {
      case Response response -> deadline.within(() -> sendWhole(exchange, response));
      case Streamed streamed -> stream(exchange, streamed);
    }
  }

  private static void sendWhole(HttpExchange exchange, Response response) throws IOException {
    // To the JDK's server a length of 0 means a body of unknown length.
    int length = response.body().length;
    exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
    if (length > 0) {
      exchange.getResponseBody().write(response.body());
      exchange.getResponseBody().close();
    }
  }

  private void stream(HttpExchange exchange, Streamed streamed) throws IOException {
    streams.add(Thread.currentThread());
    try {
      exchange.sendResponseHeaders(streamed.status(), 0);
      OutputStream out = deadline.around(exchange.getResponseBody());
      // The JDK's server keeps the headers back until then.
      out.flush();
      streamed.body().write(out);
    } catch (InterruptedException e) {
      LOG.debug("{}: the server closes", exchange.getRequestURI(), e);
    } catch (RuntimeException e) {
      LOG.error("{} {}: failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
    } finally {
      streams.remove(Thread.currentThread());
    }
  }

  /** Stops listening; requests under way have two seconds to end, streams none. */
  @Override
  public void close() {
    streams.forEach(Thread::interrupt);
    server.stop(CLOSE_SECONDS);
    threads.shutdownNow();
    timer.shutdownNow();
  }
}
