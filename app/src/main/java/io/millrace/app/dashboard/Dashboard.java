package io.millrace.app.dashboard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.TrainingMetrics;
import io.millrace.app.dashboard.feed.Source;
import io.millrace.app.dashboard.feed.TopicFeed;
import io.millrace.app.dashboard.history.Curves;
import io.millrace.app.dashboard.panel.JsonValues;
import io.millrace.app.dashboard.panel.MetricsPanel;
import io.millrace.app.dashboard.panel.StatePanel;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.app.http.WebServer;
import io.millrace.app.learner.KafkaClients;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A page on a learner, served over HTTP and drawn from its topics alone. */
public final class Dashboard implements AutoCloseable {
  private final DashboardSettings settings;
  private final WebServer server;
  private final ServerEvents events;
  private final TopicFeed feed;

  private Dashboard(
      DashboardSettings settings, WebServer server, ServerEvents events, TopicFeed feed) {
    this.settings = settings;
    this.server = server;
    this.events = events;
    this.feed = feed;
  }

  /**
   * Begins to listen and to read; needs no broker to begin.
   *
   * @throws IOException if the address cannot be had
   */
  public static Dashboard start(DashboardSettings settings) throws IOException {
    LearnerConfig config = settings.config();
    Map<String, String> client = KafkaClients.properties(config.kafka());
    Curves curves = new Curves(System::currentTimeMillis);
    StatePanel state = new StatePanel(config, settings.known(), !settings.readOnly());
    MetricsPanel metrics = new MetricsPanel(curves, () -> false);
    ServerEvents events = new ServerEvents(List.of(state, metrics), metrics::skip);
    StaticFiles files = new StaticFiles();
    Access access =
        new Access(settings.address().getAddress().isLoopbackAddress(), settings.token());
    Map<String, Endpoint> endpoints = new TreeMap<>();
    endpoints.put("/api/events", access.api(Endpoint.of("GET", events::answer)));
    endpoints.put("/api/state", access.api(Endpoint.get(() -> Response.json(200, state.whole()))));
    endpoints.put(
        "/api/history",
        access.api(
            Endpoint.of(
                "GET",
                exchange -> {
                  long seconds = Query.of(exchange).number("seconds", 900, 1, 86_400);
                  return Response.json(200, JsonValues.history(seconds, curves.last(seconds)));
                })));
    endpoints.put(
        "/api/*",
        access.api(
            Endpoint.get(() -> {
              throw new HttpProblem(404, "path: expected one of " + endpoints.keySet());
            })));
    endpoints.put("/*", access.page(Endpoint.of("GET", files::answer)));
    WebServer server =
        WebServer.start(
            WebServer.Options.of("dashboard", settings.address()).withHeaders(PageHeaders.ALL),
            endpoints,
            new SimpleMeterRegistry());
    AvroCodec<TrainingMetrics> codec = AvroCodec.of(TrainingMetrics.class);
    TopicFeed feed =
        TopicFeed.start(
            client,
            List.of(
                Source.last(
                    config.topics().metrics(),
                    200,
                    record -> {
                      TrainingMetrics m = codec.decode(record.value());
                      if (m.getModel().equals(config.model())) {
                        metrics.accept(m);
                      }
                    })),
            "topics");
    return new Dashboard(settings, server, events, feed);
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** What to open in a browser; with the token, where there is one. */
  public String url() {
    String host = address().getAddress().isAnyLocalAddress() ? "localhost" : host(address());
    return "http://"
        + host
        + ":"
        + address().getPort()
        + "/"
        + settings.token().map(token -> "#token=" + token).orElse("");
  }

  private static String host(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  @Override
  public void close() {
    events.close();
    server.close();
    feed.close();
  }
}
