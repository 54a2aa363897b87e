package io.millrace.app.downstream;

import io.millrace.app.access.Creates;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.json.JsonLine;
import io.millrace.app.json.JsonOption;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.DownstreamTopics;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.learner.LearnerStoppedException;
import io.millrace.app.monitoring.Monitoring;
import io.millrace.app.monitoring.MonitoringOptions;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.topology.PredictApplication;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.predict.PredictMeters;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts images without labels until it is stopped. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Predicts images without labels, from topic to topic.",
      "Takes the newest snapshot of the model, until it is"
          + " stopped (Ctrl-C); waits for the first snapshot.",
      "Reads millrace.yaml; ./millrace config prints every setting."
    })
public final class PredictCommand implements Callable<Integer> {

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--progress-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = "A progress line every N seconds; 0 for none (default: ${DEFAULT-VALUE}).")
  private int progressSeconds;

  @Mixin private JsonOption json = new JsonOption();

  @Mixin private MonitoringOptions monitoringOptions = new MonitoringOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfigFile.Loaded loaded = options.load();
    PredictConfig config = loaded.predict();
    DownstreamTopics.requirePredict(KafkaClients.properties(config.kafka()), loaded);
    ProgressLoop progress = new ProgressLoop(spec.commandLine().getOut(), progressSeconds);
    String begins =
        String.format(
            "predicting %s with snapshots of %s from %s on %s, with %d threads",
            config.topics().unlabeled(),
            config.model(),
            config.topics().snapshots(),
            config.kafka().get("bootstrap.servers"),
            config.threads());
    if (!json.isOn()) {
      progress.print(begins);
    }
    try (StopSignal stop = new StopSignal();
        Monitoring monitoring = monitoringOptions.open();
        PredictApplication application = PredictApplication.start(config, monitoring.registry())) {
      monitoring
          .serve(application.streams(), Optional::empty)
          .ifPresent(url ->
              progress.print(
                  json.isOn()
                      ? JsonLine.event("listening").with("url", url).text()
                      : "health and metrics at " + url + "/readyz and " + url + "/metrics"));
      progress.watch(
          stop,
          () -> json.isOn() ? jsonLine(application) : line(application),
          application::failure);
      if (application.failure().isPresent()) {
        throw new LearnerStoppedException(
            "predictions",
            application.failure().get(),
            RequiredAcls.predictor(config, Creates.NONE));
      }
    }
    return 0;
  }

  private static String jsonLine(PredictApplication application) {
    PredictMeters meters = application.meters();
    return JsonLine.event("progress")
        .with("predictions", meters.predictions())
        .with("deadLetters", meters.rejected())
        .with("version", application.newest().isEmpty() ? null : meters.version())
        .text();
  }

  private static String line(PredictApplication application) {
    PredictMeters meters = application.meters();
    return application.newest().isEmpty()
        ? "waiting for the first snapshot; images wait meanwhile"
        : String.format(
            Locale.ROOT,
            "predicted %,d  dead letters %,d  version %d",
            meters.predictions(),
            meters.rejected(),
            meters.version());
  }
}
