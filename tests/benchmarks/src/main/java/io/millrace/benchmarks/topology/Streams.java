package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.benchmarks.processes.PerNetwork;
import io.millrace.benchmarks.report.Markdown;
import io.millrace.benchmarks.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures what is left of the training loop's speed when the images come from Kafka: decoding,
 * minibatches, metrics, snapshots and commits included, exactly once.
 */
@Command(
    name = "streams",
    mixinStandardHelpOptions = true,
    description =
        "Measures the speed of the whole topology as a share of the bare training loop's.")
public final class Streams implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "network",
          "batch",
          "threads",
          "loop, images/s",
          "topology, images/s",
          "share",
          "min - max",
          "added, us/image",
          "loop, CPU us",
          "topology, CPU us",
          "others used",
          "disturbed");

  private static final Set<String> WORDS = Set.of("network");

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5 and small-cnn.")
  private List<String> networks = List.of("lenet5", "small-cnn");

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description = "Images of a minibatch; without it 32 and 128.")
  private List<Integer> batches = List.of(32, 128);

  @Option(names = "--threads", description = "Of the training step; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "The first third is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Option(
      names = "--window-ms",
      defaultValue = "1500",
      description = "Of each in each round, until the next commit (default: ${DEFAULT-VALUE}).")
  private int windowMs = 1500;

  @Option(
      names = "--patience-s",
      defaultValue = "20",
      description = {
        "Seconds of further rounds in each case, in all, while others use the processors",
        "(default: ${DEFAULT-VALUE})."
      })
  private int patienceSeconds = 20;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(
      names = "--quick",
      description = "Minibatches of 32 and three rounds of half a second, for a look.")
  private boolean quick;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the table.")
  private @Nullable Path markdown;

  @Option(
      names = "--at-least",
      paramLabel = "PERCENT|NETWORK=PERCENT",
      split = ",",
      converter = PerNetwork.Converter.class,
      description = {
        "Ends with status 1 if the median share is less, or could not be measured; such as",
        "small-cnn=90,lenet5=60."
      })
  private List<PerNetwork> atLeast = List.of();

  @Override
  public Integer call() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Effort effort = quick ? new Effort(3, 500, 0) : new Effort(rounds, windowMs, patienceSeconds);
    List<ShareOfLoop.Result> results = new ArrayList<>();
    try (Broker broker = Broker.start()) {
      Where where = Where.at(broker, dataset, threads);
      for (String network : networks) {
        for (int batch : quick ? List.of(32) : batches) {
          System.err.println("measuring " + network + ", minibatches of " + batch);
          String plan =
              json.writeValueAsString(new ShareOfLoop.Plan(where, network, batch, effort));
          for (String line : ChildJvm.run(List.of(), ShareOfLoop.class, List.of(plan))) {
            results.add(json.readValue(line, ShareOfLoop.Result.class));
          }
        }
      }
    }
    List<List<String>> rows = results.stream().map(Streams::cells).toList();
    print(effort, rows);
    if (markdown != null) {
      Files.write(markdown, Markdown.table(COLUMNS, WORDS, rows));
    }
    boolean good = results.stream().allMatch(this::reaches);
    if (!good) {
      System.out.println("\nNOT AT LEAST what was asked for");
    }
    return good ? 0 : 1;
  }

  private boolean reaches(ShareOfLoop.Result result) {
    PerNetwork none = new PerNetwork(Map.of(), OptionalInt.empty());
    int percent =
        atLeast.stream().mapToInt(each -> each.of(result.network(), none)).max().orElse(0);
    return percent == 0 || (result.reliable() && 100 * result.share().median() >= percent);
  }

  private static void print(Effort effort, List<List<String>> rows) {
    System.out.printf(
        Locale.ROOT,
        "%nThe whole topology beside the bare loop; JDK %s, %d processors, the broker's JVM on the"
            + " same; %d rounds of about %d ms in turn, the first %d thrown away%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        effort.rounds(),
        effort.windowMs(),
        effort.warmUpRounds());
    TextTable.table(COLUMNS, WORDS, 1, rows).forEach(System.out::println);
    System.out.println(
        """

        loop: normalizes images in memory and trains on them, with the same threads and minibatches
        topology: from the topic to the weights, with metrics, snapshots and commits as by default
        share: of the loop's speed, in rounds that disturbed neither; ~ where there are none
        CPU us: of all threads for an image, in all windows; others hardly change it
        others used: processors, median and most, the broker's not counted\
        """);
  }

  private static List<String> cells(ShareOfLoop.Result result) {
    Spread share = result.share().times(100);
    return List.of(
        result.network(),
        Integer.toString(result.batch()),
        Integer.toString(result.threads()),
        String.format(Locale.ROOT, "%,.0f", result.loop().median()),
        String.format(Locale.ROOT, "%,.0f", result.learner().median()),
        String.format(Locale.ROOT, "%s%.0f %%", result.reliable() ? "" : "~", share.median()),
        String.format(Locale.ROOT, "%.0f - %.0f", share.min(), share.max()),
        String.format(Locale.ROOT, "%.1f", result.addedMicros().median()),
        String.format(Locale.ROOT, "%.1f", result.loopCpuMicros()),
        String.format(Locale.ROOT, "%.1f", result.learnerCpuMicros()),
        String.format(Locale.ROOT, "%.1f, %.1f", result.foreign().median(), result.foreign().max()),
        String.format(Locale.ROOT, "%d of %d", result.disturbed(), result.windows()));
  }
}
