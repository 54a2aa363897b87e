package io.millrace.benchmarks;

import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.ScaledSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.network.NetworkFiles;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.Learner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
    name = "bench trajectory",
    mixinStandardHelpOptions = true,
    description = "Compares the loss at every step with libtorch's, from the same weights.")
public final class LossTrajectory implements Callable<Integer> {

  private static final int BATCH = 32;
  private static final float MOMENTUM = 0.9f;
  private static final float WEIGHT_DECAY = 5e-4f;
  private static final int CHECKED_STEPS = 50;
  private static final double LIMIT = 1e-3;
  private static final int COLUMNS = 4;

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
      defaultValue = "0.01",
      description = "Learning rate, a tenth of it in the second half (default: ${DEFAULT-VALUE}).")
  private double rate = 0.01;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes network, step and both losses.")
  private @Nullable Path csv;

  /** One step's two losses. */
  private record Pair(float millrace, float libtorch) {
    double relativeDifference() {
      return Math.abs((double) millrace - libtorch) / Math.abs(libtorch);
    }
  }

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new LossTrajectory()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    List<String> names = networks.isEmpty() ? List.of("lenet5", "small-cnn", "resnet20") : networks;
    List<String> lines = new ArrayList<>(List.of("network,step,millrace,libtorch,relative"));
    boolean good = true;
    for (String name : names) {
      NetworkSpec network = NetworkFiles.load(name, Path.of("").toAbsolutePath());
      List<Pair> pairs = run(network);
      print(network, pairs);
      for (int step = 0; step < pairs.size(); step++) {
        Pair pair = pairs.get(step);
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%d,%.9g,%.9g,%.3g",
                network.name(),
                step,
                pair.millrace(),
                pair.libtorch(),
                pair.relativeDifference()));
      }
      good &= largest(pairs, CHECKED_STEPS) < LIMIT;
    }
    if (csv != null) {
      Files.write(csv, lines);
    }
    return good ? 0 : 1;
  }

  private List<Pair> run(NetworkSpec network) {
    Schedule schedule = new StepDecay(rate, Math.max(1, steps / 2), 0.1, 0);
    int[] input = network.input().toArray();
    float[] mean = new float[input[0]];
    float[] std = new float[input[0]];
    Arrays.fill(mean, 0.286f);
    Arrays.fill(std, 0.353f);
    PixelNormalization normalization = PixelNormalization.of(mean, std);
    try (ImageSource source = open(input);
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
        LibtorchLearner libtorch =
            new LibtorchLearner(
                network,
                NetworkParameters.list(network),
                learner.state().parametersAndBuffers(),
                MOMENTUM,
                WEIGHT_DECAY)) {
      ImageOrder order = ImageOrder.forever(source.size(), OptionalLong.of(seed));
      List<Pair> pairs = new ArrayList<>(steps);
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < BATCH; i++) {
          SourceImage image = source.image(order.at((long) step * BATCH + i));
          normalization.apply(image.data(), learner.images(), i * network.input().elements());
          learner.labels()[i] = image.label();
        }
        float theirs =
            libtorch.step(learner.images(), learner.labels(), (float) schedule.rate(step));
        pairs.add(new Pair(learner.step(BATCH).meanLoss(), theirs));
      }
      return pairs;
    }
  }

  private ImageSource open(int[] input) {
    ImageSource source = DatasetSpec.parse(dataset).open(_ -> {});
    SourceImage first = source.image(0);
    boolean fits =
        first.encoding() == SourceImage.Encoding.RAW
            && first.channels() == input[0]
            && first.height() == input[1]
            && first.width() == input[2];
    return fits ? source : new ScaledSource(source, input[0], input[1], input[2]);
  }

  private void print(NetworkSpec network, List<Pair> pairs) {
    System.out.printf(
        Locale.ROOT,
        "%n%s: %d steps of %d images of %s, rate %s and a tenth of it from step %d%n%n",
        network.name(),
        steps,
        BATCH,
        dataset,
        rate,
        steps / 2);
    int rows = (pairs.size() + COLUMNS - 1) / COLUMNS;
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder();
      for (int step = row; step < pairs.size(); step += rows) {
        line.append(
            String.format(
                Locale.ROOT,
                "%4d %8.5f %8.1e   ",
                step,
                pairs.get(step).millrace(),
                pairs.get(step).relativeDifference()));
      }
      System.out.println(line);
    }
    System.out.printf(
        Locale.ROOT,
        "%nlargest relative difference of the loss: %.2e in the first %d steps (limit %.0e),"
            + " %.2e in all%n",
        largest(pairs, CHECKED_STEPS),
        CHECKED_STEPS,
        LIMIT,
        largest(pairs, pairs.size()));
  }

  private static double largest(List<Pair> pairs, int steps) {
    return pairs.stream()
        .limit(steps)
        .mapToDouble(Pair::relativeDifference)
        // NaN, a run that broke, must not pass as a small difference.
        .map(difference -> Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference)
        .max()
        .orElse(0);
  }
}
