package io.millrace.app.dashboard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.app.dashboard.feed.ClusterView;
import io.millrace.app.dashboard.feed.ClusterWatch;
import io.millrace.app.dashboard.feed.PastReader;
import io.millrace.app.dashboard.feed.RecordFetcher;
import io.millrace.app.dashboard.feed.TopicFeed;
import io.millrace.app.http.WebServer;
import io.millrace.app.learner.KafkaClients;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.LearnerResources;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.TopicNames;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;

/**
 * A page on a learner, served over HTTP and drawn from its topics alone, on threads of its own.
 * While nobody looks, it does nothing but keep the curves.
 */
public final class Dashboard implements AutoCloseable {
  private final DashboardSettings settings;
  private final Panels panels;
  private final Map<String, String> client;
  private final WebServer server;
  private final ServerEvents events;
  private final RecordFetcher fetcher;
  private final LazyPredictor predictor;
  private final ClusterWatch cluster;
  private final TopicFeed quick;
  private final TopicFeed slow;
  private final List<PastReader> past = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  private Dashboard(DashboardSettings settings) throws IOException {
    this.settings = settings;
    LearnerConfig config = settings.config();
    client = KafkaClients.properties(config.kafka());
    panels = new Panels(settings);
    fetcher = new RecordFetcher(client);
    predictor = new LazyPredictor(subscription(settings, client));
    events = new ServerEvents(panels.all(), panels.metrics::skip);
    try {
      server =
          WebServer.start(
              WebServer.Options.of("dashboard", settings.address()).withHeaders(PageHeaders.ALL),
              new Endpoints(settings, panels, fetcher, predictor, events).all(),
              new SimpleMeterRegistry());
    } catch (IOException | RuntimeException e) {
      events.close();
      predictor.close();
      throw e;
    }
    quick = TopicFeed.start(client, panels.quickSources(this::readPast), "topics");
    slow = TopicFeed.start(client, panels.slowSources(), "snapshots");
    cluster =
        ClusterWatch.start(
            client,
            topics(config.topics()),
            LearnerResources.of(config).group(),
            events::watched,
            new Cluster());
  }

  /**
   * Begins to listen and to read; needs no broker to begin.
   *
   * @throws IOException if the address cannot be had
   */
  public static Dashboard start(DashboardSettings settings) throws IOException {
    return new Dashboard(settings);
  }

  private static SubscriberConfig subscription(
      DashboardSettings settings, Map<String, String> client) {
    LearnerConfig config = settings.config();
    return new SubscriberConfig(
            Map.copyOf(client),
            config.topics().snapshots(),
            Optional.of(config.model()),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES)
        .withSelection(config.model(), settings.selection())
        .withAliasesTopic(config.topics().aliases())
        .withTrustedKeys(settings.trustedKeys());
  }

  private static List<String> topics(TopicNames topics) {
    return List.of(
        topics.images(),
        topics.metrics(),
        topics.layers(),
        topics.snapshots(),
        topics.deadLetters(),
        topics.journal(),
        topics.control(),
        topics.acknowledgements(),
        topics.aliases());
  }

  /** What stands before the records that are followed fills the curves, while these are shown. */
  private void readPast(TopicPartition partition, long offset) {
    if (offset > 0 && !closed) {
      past.add(PastReader.start(client, partition, offset, Panels.past(), panels::past));
    }
  }

  /** Tells the page how the cluster is. */
  private final class Cluster implements ClusterWatch.Listener {
    @Override
    public void answered(ClusterView view) {
      List<String> problems = new ArrayList<>(quick.problems().values());
      problems.addAll(slow.problems().values());
      problems.addAll(panels.problems());
      panels.status.now(Optional.empty(), problems);
      panels.stream.cluster(view);
    }

    @Override
    public void failed(String reason) {
      panels.status.now(Optional.of(reason), List.of());
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Whether a page is open in a browser. */
  public boolean watched() {
    return events.watched();
  }

  /** What to open in a browser; with the token, where there is one. */
  public String url() {
    return "http://"
        + host(address())
        + ":"
        + address().getPort()
        + "/"
        + settings.token().map(token -> "#token=" + token).orElse("");
  }

  private static String host(InetSocketAddress address) {
    if (address.getAddress().isAnyLocalAddress()) {
      return "localhost";
    }
    String host = address.getAddress().getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    server.close();
    cluster.close();
    quick.close();
    slow.close();
    past.forEach(PastReader::close);
    predictor.close();
    fetcher.close();
  }
}
