package io.millrace.benchmarks.guards;

import io.millrace.TrainingMetrics;
import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.ScaledSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.learner.LearnerConfigFile;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.benchmarks.guards.CurveChart.Curve;
import io.millrace.benchmarks.report.TextTable;
import io.millrace.topology.config.LearnerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains with and without a burst of wrong labels, with and without the guard. */
@Command(
    name = "guards",
    mixinStandardHelpOptions = true,
    description = {
      "Shows what a burst of wrong labels does, with the guard and without, in one pass over a data"
          + " set; and that the guard refuses nothing where there is no burst."
    })
public final class GuardBenchmark implements Callable<Integer> {

  private static final int BATCH = 32;

  /** Images over which a point of the curve is taken. */
  private static final int WINDOW = 1_024;

  private static final List<String> COLUMNS =
      List.of(
          "network",
          "stream",
          "refused",
          "largest loss",
          "accuracy before",
          "just after",
          "2,048 images later",
          "at the end");

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = List.of("lenet5", "small-cnn", "resnet20");

  @Option(
      names = "--burst",
      paramLabel = "N",
      defaultValue = "40",
      description = "Minibatches of wrong labels (default: ${DEFAULT-VALUE}).")
  private int burst = 40;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(names = "--chart", paramLabel = "PNG", description = "Draws the first network's curves.")
  private @Nullable Path chart;

  @Override
  public Integer call() throws Exception {
    List<List<String>> rows = new ArrayList<>();
    int falsely = 0;
    for (String network : networks) {
      System.err.println("training " + network + " three times");
      LearnerConfig guarded = config(network, 6);
      try (ImageSource source = open(guarded)) {
        int from = source.size() / 2 / BATCH * BATCH;
        int to = from + burst * BATCH;
        var clean = Stream.train(guarded, source, from, from);
        var poisoned = Stream.train(guarded, source, from, to);
        var unguarded = Stream.train(config(network, 0), source, from, to);
        falsely += refused(clean);
        rows.add(row(network, "no burst", clean, from, to));
        rows.add(row(network, "burst, guarded", poisoned, from, to));
        rows.add(row(network, "burst, unguarded", unguarded, from, to));
        if (chart != null && network.equals(networks.getFirst())) {
          String title =
              String.format(
                  Locale.ROOT,
                  "%s: %d minibatches of wrong labels after %,d images",
                  network,
                  burst,
                  from);
          CurveChart.write(
              title,
              List.of(
                  new Curve("unguarded", accuracy(unguarded, from, to)),
                  new Curve("guarded", accuracy(poisoned, from, to)),
                  new Curve("no burst", accuracy(clean, from, to))),
              chart);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%nOne pass over %s, minibatches of %d, a burst of %d in the middle; accuracy before training"
            + " on an image, over %,d images without the burst's%n%n",
        dataset,
        BATCH,
        burst,
        WINDOW);
    TextTable.table(COLUMNS, Set.of("network", "stream"), 1, rows).forEach(System.out::println);
    System.out.printf("%n%d refused where there was no burst%n", falsely);
    return falsely == 0 ? 0 : 1;
  }

  private static LearnerConfig config(String network, double sigmas) {
    List<String> values = new ArrayList<>();
    values.add("network=" + network);
    values.add("minibatch.size=" + BATCH);
    values.add("learningRate.rate=0.01");
    values.add("learningRate.warmupSteps=100");
    values.add("guards.sigmas=" + sigmas);
    values.add("guards.pauseAfter=0");
    values.add("images.mean=" + repeat("0.286", network));
    values.add("images.std=" + repeat("0.353", network));
    return LearnerConfigFile.load(
            ConfigReader.withoutFile("guards", values), Path.of("").toAbsolutePath())
        .config();
  }

  private static String repeat(String value, String network) {
    int channels = network.equals("resnet20") ? 3 : 1;
    return "[" + String.join(", ", Collections.nCopies(channels, value)) + "]";
  }

  private ImageSource open(LearnerConfig config) {
    ImageSource source = DatasetSpec.parse(dataset).open(_ -> {});
    int[] input = config.network().input().toArray();
    SourceImage first = source.image(0);
    boolean fits =
        first.channels() == input[0] && first.height() == input[1] && first.width() == input[2];
    return fits ? source : new ScaledSource(source, input[0], input[1], input[2]);
  }

  private static List<String> row(
      String network, String stream, List<TrainingMetrics> metrics, int from, int to) {
    double largest = metrics.stream().mapToDouble(TrainingMetrics::getLoss).max().orElseThrow();
    double[] accuracy = accuracy(metrics, from, to);
    int before = from / BATCH - 1;
    int window = WINDOW / BATCH;
    return List.of(
        network,
        stream,
        Integer.toString(refused(metrics)),
        String.format(Locale.ROOT, "%.2f", largest),
        percent(accuracy[before]),
        percent(meanOfNew(metrics, to)),
        percent(accuracy[before + 2 * window]),
        percent(accuracy[accuracy.length - 1]));
  }

  /** Over the first eight minibatches after the burst. */
  private static double meanOfNew(List<TrainingMetrics> metrics, int to) {
    return metrics.subList(to / BATCH, to / BATCH + 8).stream()
        .mapToDouble(TrainingMetrics::getAccuracy)
        .average()
        .orElseThrow();
  }

  private static int refused(List<TrainingMetrics> metrics) {
    return (int) metrics.stream().filter(each -> each.getSkipped().isPresent()).count();
  }

  /** Of each minibatch outside the burst's place, the mean accuracy of it and those before it. */
  private static double[] accuracy(List<TrainingMetrics> metrics, int from, int to) {
    List<TrainingMetrics> good = new ArrayList<>(metrics.subList(0, from / BATCH));
    good.addAll(metrics.subList(to / BATCH, metrics.size()));
    double[] means = new double[good.size()];
    int window = WINDOW / BATCH;
    double sum = 0;
    for (int i = 0; i < means.length; i++) {
      sum += good.get(i).getAccuracy();
      if (i >= window) {
        sum -= good.get(i - window).getAccuracy();
      }
      means[i] = sum / Math.min(i + 1, window);
    }
    return means;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
