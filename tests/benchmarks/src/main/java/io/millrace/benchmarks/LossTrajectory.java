package io.millrace.benchmarks;

import ai.djl.ndarray.types.DataType;
import io.millrace.app.network.NetworkFiles;
import io.millrace.benchmarks.engines.Batch;
import io.millrace.benchmarks.engines.LibtorchLearner;
import io.millrace.benchmarks.engines.RealImages;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.training.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a network twice, by Millrace and by libtorch, from the same weights on the same
 * minibatches of real images, and compares the loss at every step. Both losses are of the weights
 * before the step, so the first pair compares forward passes, and each later one all that was
 * computed until then. Rounding differs, so the two drift apart in time, as two runs of libtorch
 * with different numbers of threads do.
 */
@Command(
    name = "trajectory",
    mixinStandardHelpOptions = true,
    description = "Compares the loss at every step with libtorch's, from the same weights.")
public final class LossTrajectory implements Callable<Integer> {

  private static final int BATCH = 32;
  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final int CHECKED_STEPS = 50;
  private static final double LIMIT = 1e-3;
  private static final int COLUMNS = 3;
  private static final int DECAY_EVERY = 40;

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(names = "--steps", defaultValue = "200", description = "Default: ${DEFAULT-VALUE}.")
  private int steps = 200;

  @Option(
      names = "--rate",
      defaultValue = "0.0001",
      description = {
        "Learning rate, halved every " + DECAY_EVERY + " steps (default: ${DEFAULT-VALUE}).",
        "At 0.01 rounding decides which ReLU or pooling window passes a gradient on, and learning"
            + " magnifies it: libtorch in single precision then leaves libtorch in double as fast."
      })
  private double rate = 0.0001;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes network, step and both losses.")
  private @Nullable Path csv;

  /**
   * The loss before one step.
   *
   * @param reference by libtorch in double precision
   */
  private record Losses(double millrace, double libtorch, double reference) {

    double toLibtorch() {
      return relative(millrace, libtorch);
    }

    double toReference() {
      return relative(millrace, reference);
    }

    double libtorchToReference() {
      return relative(libtorch, reference);
    }

    /** NaN, a run that broke, must not pass as a small difference. */
    private static double relative(double value, double expected) {
      double difference = Math.abs(value - expected) / Math.abs(expected);
      return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
    }
  }

  @Override
  public Integer call() throws IOException {
    List<String> names = networks.isEmpty() ? List.of("lenet5", "small-cnn", "resnet20") : networks;
    List<String> lines =
        new ArrayList<>(List.of("network,step,millrace,libtorch,libtorch_float64"));
    boolean good = true;
    for (String name : names) {
      NetworkSpec network = NetworkFiles.load(name, Path.of("").toAbsolutePath());
      List<Losses> losses = run(network);
      print(network, losses);
      for (int step = 0; step < losses.size(); step++) {
        Losses loss = losses.get(step);
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%d,%.9g,%.9g,%.9g",
                network.name(),
                step,
                loss.millrace(),
                loss.libtorch(),
                loss.reference()));
      }
      int checked = Math.min(CHECKED_STEPS, losses.size());
      good &= largest(losses.subList(0, checked), Losses::toLibtorch) < LIMIT;
    }
    if (csv != null) {
      Files.write(csv, lines);
    }
    return good ? 0 : 1;
  }

  private List<Losses> run(NetworkSpec network) {
    Schedule schedule = new StepDecay(rate, DECAY_EVERY, 0.5, 0);
    try (RealImages images = new RealImages(dataset, network.input(), seed);
        Learner learner =
            Learner.create(
                network,
                OptimizerSpec.heavyBall(MOMENTUM, WEIGHT_DECAY),
                schedule,
                seed,
                InitializationSpec.withDefaults(),
                BATCH,
                Runtime.getRuntime().availableProcessors(),
                KernelLookup.lookup());
        LibtorchLearner single = libtorch(network, learner, DataType.FLOAT32);
        LibtorchLearner reference = libtorch(network, learner, DataType.FLOAT64)) {
      List<Losses> losses = new ArrayList<>(steps);
      for (int step = 0; step < steps; step++) {
        Batch batch = images.batch(step, BATCH);
        System.arraycopy(batch.images(), 0, learner.images(), 0, batch.images().length);
        System.arraycopy(batch.labels(), 0, learner.labels(), 0, BATCH);
        float stepRate = (float) schedule.rate(step);
        double theirs = single.step(batch, stepRate);
        double exact = reference.step(batch, stepRate);
        losses.add(new Losses(learner.step(BATCH).meanLoss(), theirs, exact));
      }
      return losses;
    }
  }

  private static LibtorchLearner libtorch(
      NetworkSpec network, Learner learner, DataType precision) {
    return new LibtorchLearner(
        network, learner.state().parametersAndBuffers(), MOMENTUM, WEIGHT_DECAY, precision);
  }

  private void print(NetworkSpec network, List<Losses> losses) {
    System.out.printf(
        Locale.ROOT,
        "%n%s: %d steps of %d images of %s, rate %s, halved every %d%n"
            + "relative differences of the loss: Millrace to libtorch, Millrace to libtorch in"
            + " double precision, libtorch to the same%n%n",
        network.name(),
        steps,
        BATCH,
        dataset,
        rate,
        DECAY_EVERY);
    int rows = (losses.size() + COLUMNS - 1) / COLUMNS;
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder();
      for (int step = row; step < losses.size(); step += rows) {
        Losses loss = losses.get(step);
        line.append(
            String.format(
                Locale.ROOT,
                "%4d %8.5f %7.0e %7.0e %7.0e  ",
                step,
                loss.millrace(),
                loss.toLibtorch(),
                loss.toReference(),
                loss.libtorchToReference()));
      }
      System.out.println(line);
    }
    int checked = Math.min(CHECKED_STEPS, losses.size());
    System.out.printf(
        Locale.ROOT,
        "%nlargest in the first %d steps: Millrace to libtorch %.1e (limit %.0e), Millrace to double"
            + " %.1e, libtorch to double %.1e%n",
        checked,
        largest(losses.subList(0, checked), Losses::toLibtorch),
        LIMIT,
        largest(losses.subList(0, checked), Losses::toReference),
        largest(losses.subList(0, checked), Losses::libtorchToReference));
  }

  private static double largest(List<Losses> losses, ToDoubleFunction<Losses> difference) {
    return losses.stream().mapToDouble(difference).max().orElse(0);
  }
}
