package io.millrace.app.serve;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.TrustedKeyOptions;
import io.millrace.app.monitoring.ProcessMeters;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.serving.Freshness;
import io.millrace.serving.ModelSelection;
import io.millrace.serving.Predictor;
import io.millrace.serving.ServingMeters;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Answers predictions over HTTP. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Answers predictions over HTTP with the newest version.",
      "Follows the snapshots of a model and answers POST /predict with the newest, or with what"
          + " --model-version or --alias selects. Ctrl-C ends it."
    })
public final class ServeCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      description =
          "Where to listen; the default is this machine alone: there is no login and no encryption"
              + " (default: ${DEFAULT-VALUE}).")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "0 for any that is free (default: ${DEFAULT-VALUE}).")
  private int port;

  /** At most one of the two. */
  static final class Selection {
    @Option(
        names = "--model-version",
        paramLabel = "N",
        description = "Serves this version, whatever comes after it.")
    private @Nullable Long version;

    @Option(
        names = "--alias",
        paramLabel = "NAME",
        description = "Serves what this alias stands for, such as champion.")
    private @Nullable String alias;
  }

  @ArgGroup(exclusive = true)
  private @Nullable Selection selection;

  @Option(
      names = "--max-age",
      paramLabel = "SECONDS",
      description = "A model that was published longer ago is stale; without it none is.")
  private @Nullable Long maxAgeSeconds;

  @Option(
      names = "--on-stale",
      paramLabel = "serve|flag|refuse",
      defaultValue = "flag",
      description = "What then becomes of answers (default: ${DEFAULT-VALUE}).")
  private Freshness.OnStale onStale = Freshness.OnStale.FLAG;

  @Mixin private TrustedKeyOptions trusted = new TrustedKeyOptions();

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      defaultValue = "2097152",
      description = "Of one request (default: ${DEFAULT-VALUE}).")
  private int maxBodyBytes;

  @Option(
      names = "--max-images",
      paramLabel = "N",
      defaultValue = "256",
      description = "Of one request (default: ${DEFAULT-VALUE}).")
  private int maxImages;

  @Option(
      names = "--max-concurrent",
      paramLabel = "N",
      description =
          "Requests at the same time; more get 429. Without it four times the processors.")
  private int maxConcurrent = 4 * Runtime.getRuntime().availableProcessors();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfig config = options.load().config();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    ServingMeters meters = ServingMeters.of(registry);
    SubscriberConfig follow = subscription(config).withMeters(meters);
    ServeOptions limits =
        new ServeOptions(new InetSocketAddress(host, port), maxBodyBytes, maxImages, maxConcurrent);
    Predictor.Options prediction =
        Predictor.Options.defaults().withFreshness(freshness(), _ -> {}).withMeters(meters);
    try (StopSignal stop = new StopSignal();
        ProcessMeters _ = ProcessMeters.bind(registry);
        Predictor predictor = new Predictor(prediction);
        SnapshotSubscriber subscriber =
            SnapshotSubscriber.start(follow, SnapshotListener.all(predictor, new Announcer()));
        PredictServer server = PredictServer.start(limits, predictor, subscriber, registry)) {
      announce(server.address(), follow);
      stop.await();
    }
    return 0;
  }

  private SubscriberConfig subscription(LearnerConfig config) {
    SubscriberConfig newest =
        new SubscriberConfig(
            Map.copyOf(KafkaClients.properties(config.kafka())),
            config.topics().snapshots(),
            Optional.of(config.model()),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
    return newest
        .withSelection(config.model(), selected())
        .withAliasesTopic(config.topics().aliases())
        .withTrustedKeys(trusted.keys());
  }

  private ModelSelection selected() {
    if (selection != null && selection.version != null) {
      return new ModelSelection.Version(selection.version);
    }
    if (selection != null && selection.alias != null) {
      return new ModelSelection.Alias(selection.alias);
    }
    return new ModelSelection.Newest();
  }

  private Freshness freshness() {
    return maxAgeSeconds == null
        ? Freshness.unbounded()
        : Freshness.of(Duration.ofSeconds(maxAgeSeconds), onStale);
  }

  private void announce(InetSocketAddress address, SubscriberConfig follow) {
    String url = "http://" + address.getHostString() + ":" + address.getPort();
    print(
        "serving "
            + follow.model().orElse("")
            + " ("
            + follow.selection()
            + ") at "
            + url
            + "; ready when it has a verified model: "
            + url
            + "/readyz");
    print("try: curl --data-binary @image.png -H 'Content-Type: image/png' " + url + "/predict");
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** Prints which version serves, and what stands in the way of one. */
  private final class Announcer implements SnapshotListener {
    @Override
    public void onSnapshot(Snapshot snapshot) {
      print("serves " + snapshot);
    }

    @Override
    public void onUnavailable(ModelSelection missing, String reason) {
      print("not available: " + reason);
    }
  }
}
