package io.millrace.app.control;

import io.millrace.ControlKind;
import io.millrace.app.process.VersionProvider;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells a running learner what to do. */
@Command(
    name = "control",
    mixinStandardHelpOptions = true,
    versionProvider = VersionProvider.class,
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Tells a running learner what to do.",
      "Each command goes over the learner's control topic, is carried out between two steps, once, even if the learner dies in the middle,"
          + " and answered."
    })
public final class ControlCommands implements Runnable {

  private static final String SCHEDULE = "schedule";

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before run.
  private CommandSpec spec;

  /** A usage mistake: the command is missing. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Missing command: expected pause, resume, learning-rate, publish, roll-back or alias");
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Takes no further step until resume; images wait in their topic.")
  int pause(@Mixin ControlOptions options) throws InterruptedException {
    return options.send(ControlKind.PAUSE, _ -> {}, out());
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Ends a pause, whether a command or the guard began it.")
  int resume(@Mixin ControlOptions options) throws InterruptedException {
    return options.send(ControlKind.RESUME, _ -> {}, out());
  }

  @Command(
      name = "learning-rate",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Sets the learning rate in place of the schedule's.")
  int learningRate(
      @Mixin ControlOptions options,
      @Parameters(paramLabel = "RATE", description = "A number, or 'schedule' for the schedule's.")
          String rate)
      throws InterruptedException {
    Double number = rate.equals(SCHEDULE) ? null : parse(rate);
    return options.send(
        ControlKind.SET_LEARNING_RATE, builder -> builder.setLearningRate(number), out());
  }

  @Command(
      name = "publish",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Publishes what was learned since the newest version.")
  int publish(@Mixin ControlOptions options) throws InterruptedException {
    return options.send(ControlKind.PUBLISH, _ -> {}, out());
  }

  @Command(
      name = "roll-back",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Goes on from a version's weights and publishes them as a new version, whose parent it is.",
        "Velocities begin at zero; steps, schedule and input go on."
      })
  int rollBack(
      @Mixin ControlOptions options,
      @Parameters(paramLabel = "VERSION", description = "A version that is still there.")
          long version)
      throws InterruptedException {
    return options.send(ControlKind.ROLL_BACK, builder -> builder.setVersion(version), out());
  }

  @Command(
      name = "alias",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = {
        "Has a name such as champion stand for a version, or for nothing any more.",
        "A version is kept as long as a name stands for it."
      })
  int alias(
      @Mixin ControlOptions options,
      @Parameters(index = "0", paramLabel = "NAME", description = "The name.") String name,
      @Parameters(
              index = "1",
              arity = "0..1",
              paramLabel = "VERSION",
              description = "The version that it is to stand for.")
          @Nullable Long version,
      @Option(names = "--delete", description = "Takes the name away.") boolean delete)
      throws InterruptedException {
    if (delete == (version != null)) {
      throw new ParameterException(
          spec.commandLine(), "alias: expected a VERSION or --delete, got both or neither");
    }
    return options.send(
        delete ? ControlKind.DELETE_ALIAS : ControlKind.SET_ALIAS,
        builder -> builder.setAlias(name).setVersion(version),
        out());
  }

  private double parse(String rate) {
    try {
      double number = Double.parseDouble(rate);
      if (number >= 0 && number <= Float.MAX_VALUE) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badRate(rate, e);
    }
    throw badRate(rate, null);
  }

  private ParameterException badRate(String rate, @Nullable Exception cause) {
    return new ParameterException(
        spec.commandLine(),
        "learning-rate: expected a number of at least 0, or 'schedule', got " + rate,
        cause);
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
