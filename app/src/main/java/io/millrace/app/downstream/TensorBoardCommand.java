package io.millrace.app.downstream;

import io.millrace.app.access.Refusals;
import io.millrace.app.access.RequiredAcls;
import io.millrace.app.learner.ConfigOptions;
import io.millrace.app.learner.KafkaClients;
import io.millrace.app.process.StopSignal;
import io.millrace.app.process.VersionProvider;
import io.millrace.app.tensorboard.TensorBoardFollower;
import io.millrace.app.tensorboard.TensorBoardFollower.From;
import io.millrace.topology.config.LearnerConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes event files for TensorBoard from what is on a cluster. */
@Command(
    name = "tensorboard",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    description = {
      "Writes a model's curves to an event file for TensorBoard.",
      "And its histograms and filters, from the topics of metrics and layers, until it is stopped"
          + " (Ctrl-C). Begins with what the topics still hold.",
      "Reads millrace.yaml; ./millrace config prints every setting."
    })
public final class TensorBoardCommand implements Callable<Integer> {

  private static final Duration LOOK = Duration.ofMillis(200);

  @Parameters(paramLabel = "FOLDER", description = "Where the event file is made.")
  private Path folder = Path.of("");

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Option(names = "--from-now", description = "Leaves out what was learned before.")
  private boolean fromNow;

  @Option(names = "--exit-when-done", description = "Ends once all that is there is written.")
  private boolean exitWhenDone;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before call.
  private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    LearnerConfig config = options.load().config();
    try (StopSignal stop = new StopSignal();
        TensorBoardFollower follower =
            TensorBoardFollower.start(
                KafkaClients.properties(config.kafka()),
                config.model(),
                config.topics(),
                folder,
                fromNow ? From.END : From.BEGINNING)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println("writing " + follower.file() + "; tensorboard --logdir " + folder + " shows it");
      out.flush();
      boolean done = false;
      while (!done && follower.failure().isEmpty()) {
        done = stop.await(LOOK) || (exitWhenDone && follower.caughtUp());
      }
      if (follower.failure().isPresent()) {
        Exception failure = follower.failure().get();
        throw new IllegalStateException(
            Refusals.explain(failure, RequiredAcls.tensorBoard(config))
                .orElseGet(() -> "tensorboard ends: " + failure.getMessage()),
            failure);
      }
    }
    return 0;
  }
}
