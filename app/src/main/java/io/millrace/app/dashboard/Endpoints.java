package io.millrace.app.dashboard;

import io.millrace.app.dashboard.feed.RecordFetcher;
import io.millrace.app.dashboard.panel.JsonValues;
import io.millrace.app.http.Answer;
import io.millrace.app.http.Endpoint;
import io.millrace.app.http.HttpProblem;
import io.millrace.app.http.Response;
import io.millrace.topology.config.TopicNames;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What answers at which path. */
final class Endpoints {
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final long DEFAULT_SECONDS = Duration.ofMinutes(15).toSeconds();
  private static final long MAX_SECONDS = Duration.ofHours(24).toSeconds();

  private final DashboardSettings settings;
  private final Panels panels;
  private final ServerEvents events;
  private final PictureEndpoints pictures;
  private final SnapshotEndpoints snapshots;
  private final PredictEndpoint predict;
  private final ControlEndpoint control;
  private final StaticFiles files = new StaticFiles();

  Endpoints(
      DashboardSettings settings,
      Panels panels,
      RecordFetcher fetcher,
      LazyPredictor predictor,
      ServerEvents events) {
    this.settings = settings;
    this.panels = panels;
    this.events = events;
    pictures = new PictureEndpoints(fetcher, panels.pictures, panels.layers);
    snapshots = new SnapshotEndpoints(settings.config(), fetcher, panels.snapshots);
    predict = new PredictEndpoint(predictor);
    control = new ControlEndpoint(settings);
  }

  /** By path, each behind the rules of access. */
  Map<String, Endpoint> all() {
    Access access =
        new Access(settings.address().getAddress().isLoopbackAddress(), settings.token());
    TopicNames topics = settings.config().topics();
    Map<String, Endpoint> api = new TreeMap<>();
    api.put("/api/state", Endpoint.get(() -> Response.json(OK, panels.state.whole())));
    api.put("/api/events", Endpoint.of("GET", events::answer));
    api.put("/api/history", Endpoint.of("GET", exchange -> history(Query.of(exchange))));
    api.put(
        "/api/images/*",
        Endpoint.of("GET", exchange -> pictures.record(topics.images(), exchange)));
    api.put(
        "/api/deadletters/*",
        Endpoint.of("GET", exchange -> pictures.record(topics.deadLetters(), exchange)));
    api.put("/api/layers/filters.png", Endpoint.get(pictures::filters));
    api.put("/api/snapshots/*", Endpoint.of("GET", snapshots::answer));
    api.put("/api/predict", Endpoint.of("POST", predict::answer));
    api.put("/api/control", Endpoint.of("POST", control::answer));
    String known = String.join(", ", api.keySet());
    api.put(
        "/api/*",
        Endpoint.get(() -> {
          throw new HttpProblem(NOT_FOUND, "path: expected one of " + known);
        }));
    Map<String, Endpoint> all = new TreeMap<>();
    api.forEach((path, endpoint) -> all.put(path, access.api(endpoint)));
    all.put("/*", access.page(Endpoint.of("GET", files::answer)));
    return all;
  }

  private Answer history(Query query) throws HttpProblem {
    long seconds = query.number("seconds", DEFAULT_SECONDS, 1, MAX_SECONDS);
    return Response.json(OK, JsonValues.history(seconds, panels.curves.last(seconds)));
  }
}
