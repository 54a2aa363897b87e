package io.millrace.app.learner;

import io.millrace.app.access.Acl;
import io.millrace.app.access.Creates;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.json.JsonOption;
import io.millrace.app.monitoring.Monitoring;
import io.millrace.app.monitoring.MonitoringOptions;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.app.progress.JsonReport;
import io.millrace.app.progress.LearningView;
import io.millrace.app.progress.ProgressReport;
import io.millrace.app.tensorboard.TensorBoardFollower;
import io.millrace.app.terminal.Screen;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
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
      "Learns from a topic until it is stopped (Ctrl-C).",
      "Started again, it goes on where it stopped. Reads millrace.yaml; ./millrace config prints every setting."
    })
public final class TrainCommand implements Callable<Integer> {

  private static final Duration TURN = Duration.ofMillis(200);

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--progress-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description = {
        "A progress line every N seconds where the output is no terminal; 0 for none, and no live",
        "view either (default: ${DEFAULT-VALUE})."
      })
  private int progressSeconds;

  @Mixin private JsonOption json = new JsonOption();

  @Option(
      names = {"-q", "--quiet"},
      description = "Prints nothing but errors.")
  private boolean quiet;

  @Option(
      names = "--resume",
      description = "Goes on although training was paused, by the guard or by a command.")
  private boolean resume;

  @Option(
      names = "--tensorboard",
      paramLabel = "FOLDER",
      description = "Writes what is learned from now on to an event file there, for TensorBoard.")
  private @Nullable Path tensorBoard;

  @Mixin private MonitoringOptions monitoringOptions = new MonitoringOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfigFile.Loaded loaded =
        resume ? options.load(List.of("guards.resume=true")) : options.load();
    LearnerConfig config = loaded.config();
    Map<String, String> client = KafkaClients.properties(config.kafka());
    LearnerTopics.require(client, config, loaded.createTopics());
    try (StopSignal stop = new StopSignal();
        Screen screen = screen()) {
      learn(stop, screen, config, client);
    }
    return 0;
  }

  private Screen screen() {
    PrintWriter out = spec.commandLine().getOut();
    return quiet || json.isOn()
        ? Screen.plain(quiet ? new PrintWriter(Writer.nullWriter()) : out)
        : Screen.standard(out);
  }

  private void learn(
      StopSignal stop, Screen screen, LearnerConfig config, Map<String, String> client)
      throws InterruptedException, IOException {
    ProgressReport report = report(screen, config);
    report.started(
        config.model(),
        config.network().name(),
        config.topics().images(),
        config.kafka().getOrDefault("bootstrap.servers", ""),
        config.threads());
    try (Monitoring monitoring = monitoringOptions.open();
        TensorBoardFollower _ = tensorBoard(client, config, report);
        LearnerApplication learner = start(config, monitoring);
        MetricsFollower follower = follow(client, config, report)) {
      monitoring.serve(learner.streams(), learner::pausedBecause).ifPresent(report::listening);
      watch(stop, learner, follower, report);
      if (learner.failure().isPresent()) {
        // The other topics are there by now.
        List<Acl> needed = RequiredAcls.learning(config, Creates.CHANGELOG);
        throw new LearnerStoppedException(learner.failure().get(), needed);
      }
      if (follower != null && follower.failure().isPresent()) {
        List<Acl> needed = List.of(RequiredAcls.progress(config));
        throw new LearnerStoppedException(follower.failure().get(), needed);
      }
    } finally {
      report.end();
    }
  }

  private ProgressReport report(Screen screen, LearnerConfig config) {
    String resumeHint =
        "dead letters are in "
            + config.topics().deadLetters()
            + "; './millrace control resume' goes on";
    return json.isOn() && !quiet
        ? new JsonReport(spec.commandLine().getOut(), Math.max(1, progressSeconds))
        : new LearningView(screen, OptionalLong.empty(), Math.max(1, progressSeconds), resumeHint);
  }

  private @Nullable TensorBoardFollower tensorBoard(
      Map<String, String> client, LearnerConfig config, ProgressReport report) throws IOException {
    if (tensorBoard == null) {
      return null;
    }
    TensorBoardFollower board =
        TensorBoardFollower.start(
            client, config.model(), config.topics(), tensorBoard, TensorBoardFollower.From.END);
    report.note("tensorboard --logdir " + tensorBoard + " shows " + board.file().getFileName());
    return board;
  }

  /** Nothing is measured for nobody. */
  private static LearnerApplication start(LearnerConfig config, Monitoring monitoring) {
    return monitoring.on()
        ? LearnerApplication.start(config, monitoring.registry())
        : LearnerApplication.start(config);
  }

  /** Nothing is read where nothing is to be printed. */
  private @Nullable MetricsFollower follow(
      Map<String, String> client, LearnerConfig config, ProgressReport report) {
    return progressSeconds > 0 && !quiet
        ? MetricsFollower.start(client, config.topics().metrics(), report::metrics)
        : null;
  }

  /** Shows progress until the signal comes or something has failed. */
  private static void watch(
      StopSignal stop,
      LearnerApplication learner,
      @Nullable MetricsFollower follower,
      ProgressReport report)
      throws InterruptedException {
    while (!stop.await(TURN)
        && learner.failure().isEmpty()
        && (follower == null || follower.failure().isEmpty())) {
      report.paused(learner.pausedBecause());
      report.turn();
    }
  }
}
