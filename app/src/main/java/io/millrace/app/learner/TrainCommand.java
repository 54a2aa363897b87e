package io.millrace.app.learner;

import io.millrace.TrainingMetrics;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
      description =
          "Goes on although the learner paused, because it had refused too many minibatches.")
  private boolean resume;

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
        LearnerApplication learner = LearnerApplication.start(config);
        MetricsFollower follower =
            MetricsFollower.start(client, config.topics().metrics(), _ -> {})) {
      long printedStep = -1;
      boolean saidPaused = false;
      Duration turn = Duration.ofSeconds(Math.max(1, progressSeconds));
      while (!stop.await(turn) && learner.failure().isEmpty()) {
        TrainingMetrics metrics = follower.newest().orElse(null);
        if (progressSeconds > 0 && metrics != null && metrics.getStep() != printedStep) {
          printedStep = metrics.getStep();
          out.println(line(metrics));
          out.flush();
        }
        if (learner.pausedBecause().isPresent() && !saidPaused) {
          saidPaused = true;
          out.println(
              "PAUSED: "
                  + learner.pausedBecause().get()
                  + "; look at the dead letters in "
                  + config.topics().deadLetters()
                  + ", then start again with --resume");
          out.flush();
        }
      }
      if (learner.failure().isPresent()) {
        throw new LearnerStoppedException(learner.failure().get());
      }
    }
    return 0;
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
