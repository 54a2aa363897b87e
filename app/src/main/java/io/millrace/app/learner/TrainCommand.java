package io.millrace.app.learner;

import io.millrace.TrainingMetrics;
import io.millrace.app.access.Acl;
import io.millrace.app.access.Creates;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.monitoring.Monitoring;
import io.millrace.app.monitoring.MonitoringOptions;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Learns from a topic until it is stopped. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Learns from a topic until it is stopped (Ctrl-C), and goes on where it stopped.",
      "Reads millrace.yaml; ./millrace config prints every setting."
    })
public final class TrainCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--progress-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "A progress line every N seconds; 0 for none (default: ${DEFAULT-VALUE}).")
  private int progressSeconds;

  @Option(
      names = "--resume",
      description = "Goes on although training was paused, by the guard or by a command.")
  private boolean resume;

  @Mixin private MonitoringOptions monitoringOptions = new MonitoringOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfigFile.Loaded loaded =
        resume ? options.load(List.of("guards.resume=true")) : options.load();
    LearnerConfig config = loaded.config();
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> client = KafkaClients.properties(config.kafka());
    LearnerTopics.require(client, config, loaded.createTopics());
    out.printf(
        "learning %s (%s) from %s on %s with %d threads%n",
        config.model(),
        config.network().name(),
        config.topics().images(),
        config.kafka().get("bootstrap.servers"),
        config.threads());
    out.flush();
    try (StopSignal stop = new StopSignal();
        Monitoring monitoring = monitoringOptions.open();
        LearnerApplication learner = start(config, monitoring);
        MetricsFollower follower = follow(client, config)) {
      monitoring
          .serve(learner.streams(), learner::pausedBecause)
          .ifPresent(
              url -> print("health and metrics at " + url + "/readyz and " + url + "/metrics"));
      watch(stop, learner, follower, config.topics().deadLetters());
      if (learner.failure().isPresent()) {
        // The other topics are there by now.
        List<Acl> needed = RequiredAcls.learning(config, Creates.CHANGELOG);
        throw new LearnerStoppedException(learner.failure().get(), needed);
      }
      if (follower != null && follower.failure().isPresent()) {
        List<Acl> needed = List.of(RequiredAcls.progress(config));
        throw new LearnerStoppedException(follower.failure().get(), needed);
      }
    }
    return 0;
  }

  /** Nothing is measured for nobody. */
  private static LearnerApplication start(LearnerConfig config, Monitoring monitoring) {
    return monitoring.on()
        ? LearnerApplication.start(config, monitoring.registry())
        : LearnerApplication.start(config);
  }

  /** Nothing is read where nothing is to be printed. */
  private @Nullable MetricsFollower follow(Map<String, String> client, LearnerConfig config) {
    return progressSeconds > 0
        ? MetricsFollower.start(client, config.topics().metrics(), _ -> {})
        : null;
  }

  /** Prints progress until the signal comes or something has failed. */
  private void watch(
      StopSignal stop,
      LearnerApplication learner,
      @Nullable MetricsFollower follower,
      String deadLetters)
      throws InterruptedException {
    long printedStep = -1;
    Optional<String> saidPaused = Optional.empty();
    Duration turn = Duration.ofSeconds(Math.max(1, progressSeconds));
    while (!stop.await(turn)
        && learner.failure().isEmpty()
        && (follower == null || follower.failure().isEmpty())) {
      TrainingMetrics metrics = follower == null ? null : follower.newest().orElse(null);
      if (metrics != null && metrics.getStep() != printedStep) {
        printedStep = metrics.getStep();
        print(line(metrics));
      }
      Optional<String> paused = learner.pausedBecause();
      if (!paused.equals(saidPaused)) {
        saidPaused = paused;
        print(
            paused
                .map(reason ->
                    "PAUSED: "
                        + reason
                        + "; dead letters are in "
                        + deadLetters
                        + "; './millrace control resume' goes on")
                .orElse("RESUMED"));
      }
    }
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private static String line(TrainingMetrics metrics) {
    return String.format(
        Locale.ROOT,
        "step %,d  images %,d  loss %.4f  accuracy %.1f %%  rate %.4g  %.0f images/s  lag %,d"
            + "  dead letters %,d  skipped %,d  version %d",
        metrics.getStep(),
        metrics.getImages(),
        metrics.getWindowLoss(),
        metrics.getWindowAccuracy() * 100,
        metrics.getLearningRate(),
        metrics.getObserved().getImagesPerSecond(),
        metrics.getObserved().getLag().values().stream().mapToLong(Long::longValue).sum(),
        metrics.getRejected(),
        metrics.getSkippedMinibatches(),
        metrics.getSnapshotVersion());
  }
}
