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
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.LabelJoinApplication;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.labels.LabelJoinMeters;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Joins images and labels that come later, until it is stopped. */
@Command(
    name = "join-labels",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Joins images with labels that come later.",
      "They meet by id and become images that the learner"
          + " learns from, until it is stopped (Ctrl-C).",
      "Reads millrace.yaml; ./millrace config prints every setting."
    })
public final class JoinLabelsCommand implements Callable<Integer> {

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
    LabelJoinConfig config = loaded.labels();
    DownstreamTopics.requireLabels(KafkaClients.properties(config.kafka()), loaded);
    ProgressLoop progress = new ProgressLoop(spec.commandLine().getOut(), progressSeconds);
    String begins =
        String.format(
            Locale.ROOT,
            "joining %s and %s to %s on %s; a label may come %,d ms after its image, and %,d ms"
                + " late",
            config.topics().unlabeled(),
            config.topics().labels(),
            config.topics().images(),
            config.kafka().get("bootstrap.servers"),
            config.windowMs(),
            config.graceMs());
    if (!json.isOn()) {
      progress.print(begins);
    }
    try (StopSignal stop = new StopSignal();
        Monitoring monitoring = monitoringOptions.open();
        LabelJoinApplication application =
            LabelJoinApplication.start(config, monitoring.registry())) {
      monitoring
          .serve(application.streams(), Optional::empty)
          .ifPresent(url ->
              progress.print(
                  json.isOn()
                      ? JsonLine.event("listening").with("url", url).text()
                      : "health and metrics at " + url + "/readyz and " + url + "/metrics"));
      progress.watch(
          stop,
          () -> json.isOn() ? jsonLine(application.meters()) : line(application.meters()),
          application::failure);
      if (application.failure().isPresent()) {
        // The other topics are there by now.
        throw new LearnerStoppedException(
            "the join of labels",
            application.failure().get(),
            RequiredAcls.labelJoiner(config, Creates.CHANGELOG));
      }
    }
    return 0;
  }

  private static String jsonLine(LabelJoinMeters meters) {
    return JsonLine.event("progress")
        .with("joined", meters.joined())
        .with("late", meters.rejected(DeadLetterReason.LATE_LABEL))
        .with("duplicate", meters.rejected(DeadLetterReason.DUPLICATE_LABEL))
        .with("conflicting", meters.rejected(DeadLetterReason.CONFLICTING_LABEL))
        .with("deadLetters", meters.rejected())
        .with("withoutLabel", meters.withoutLabel())
        .text();
  }

  private static String line(LabelJoinMeters meters) {
    long late = meters.rejected(DeadLetterReason.LATE_LABEL);
    long duplicate = meters.rejected(DeadLetterReason.DUPLICATE_LABEL);
    long conflicting = meters.rejected(DeadLetterReason.CONFLICTING_LABEL);
    return String.format(
        Locale.ROOT,
        "joined %,d  labels late %,d, duplicate %,d, conflicting %,d  other dead letters %,d "
            + " images without label %,d",
        meters.joined(),
        late,
        duplicate,
        conflicting,
        meters.rejected() - late - duplicate - conflicting,
        meters.withoutLabel());
  }
}
