package io.millrace.app.monitoring;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.Response;
import io.millrace.app.http.WebServer;
import io.millrace.topology.RunningStreams;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The meters of a command, and where they are asked for; nowhere if that was not wanted. */
public final class Monitoring implements AutoCloseable {

  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Optional<InetSocketAddress> address;
  private final MeterRegistry registry;
  private @Nullable ProcessMeters processMeters;
  private @Nullable WebServer server;

  private Monitoring(Optional<InetSocketAddress> address, MeterRegistry registry) {
    this.address = address;
    this.registry = registry;
  }

  /** Meters that only the command itself reads. */
  static Monitoring off() {
    return new Monitoring(Optional.empty(), new SimpleMeterRegistry());
  }

  /** Meters for Prometheus at an address, from {@link #serve} on. */
  static Monitoring at(InetSocketAddress address) {
    return new Monitoring(
        Optional.of(address), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  /** Where the command's meters are to be. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Whether anybody can ask. */
  public boolean on() {
    return address.isPresent();
  }

  /**
   * Begins to answer for a program that was started.
   *
   * @param paused why it waits for an operator, if it does
   * @return where; empty if it was not wanted
   * @throws IOException if the address cannot be had
   */
  public Optional<String> serve(RunningStreams program, Supplier<Optional<String>> paused)
      throws IOException {
    if (address.isEmpty() || !(registry instanceof PrometheusMeterRegistry prometheus)) {
      return Optional.empty();
    }
    processMeters = ProcessMeters.bind(prometheus);
    program.kafkaMeters().bindTo(prometheus);
    HealthEndpoints health = new HealthEndpoints(program::health, paused);
    Map<String, Endpoint> endpoints =
        Map.of(
            "/livez", Endpoint.get(health::live),
            "/readyz", Endpoint.get(health::ready),
            "/metrics", metrics(prometheus));
    WebServer started =
        WebServer.start(WebServer.Options.of("monitoring", address.get()), endpoints, prometheus);
    server = started;
    return Optional.of(
        "http://" + started.address().getHostString() + ":" + started.address().getPort());
  }

  /** What Prometheus reads. */
  public static Endpoint metrics(PrometheusMeterRegistry registry) {
    return Endpoint.get(() -> Response.text(PROMETHEUS_TEXT, registry.scrape()));
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
    }
    if (processMeters != null) {
      processMeters.close();
    }
    registry.close();
  }
}
