package io.millrace.benchmarks.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.processes.ChildJvm;
import io.millrace.benchmarks.report.Markdown;
import io.millrace.benchmarks.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures how long it takes until what was learned from an image is of use: from the image's
 * production to the first prediction by a model that learned from it.
 */
@Command(
    name = "freshness",
    mixinStandardHelpOptions = true,
    description =
        "Measures the time from an image's production to the first prediction by a model that"
            + " learned from it.")
public final class Freshness implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "network",
          "commit interval",
          "images",
          "p50, ms",
          "p99, ms",
          "longest, ms",
          "versions published",
          "predicted with");

  private static final Set<String> WORDS = Set.of("network");

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5.")
  private List<String> networks = List.of("lenet5");

  @Option(
      names = "--interval-ms",
      paramLabel = "N",
      split = ",",
      description = "Commit intervals of the learner; without it 100 and 1000.")
  private List<Integer> intervals = List.of(100, 1000);

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch = 32;

  @Option(
      names = "--every-steps",
      defaultValue = "1",
      description = "A snapshot after so many steps (default: ${DEFAULT-VALUE}).")
  private int everySteps = 1;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "Images a second (default: ${DEFAULT-VALUE}).")
  private int rate = 1000;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "Of images that are measured (default: ${DEFAULT-VALUE}).")
  private int seconds = 30;

  @Option(
      names = "--warm-up-s",
      defaultValue = "15",
      description = "Seconds of images before those (default: ${DEFAULT-VALUE}).")
  private int warmUpSeconds = 15;

  @Option(names = "--threads", description = "Of the training step; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(names = "--quick", description = "Five seconds after two of warm-up, for a look.")
  private boolean quick;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the table.")
  private @Nullable Path markdown;

  @Override
  public Integer call() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<List<String>> rows = new ArrayList<>();
    try (Broker broker = Broker.start()) {
      Where where = Where.at(broker, dataset, threads);
      for (String network : networks) {
        for (int interval : intervals) {
          System.err.println("measuring " + network + ", commits every " + interval + " ms");
          FreshnessRun.Plan plan =
              new FreshnessRun.Plan(
                  where,
                  network,
                  interval,
                  batch,
                  everySteps,
                  rate,
                  quick ? 2 : warmUpSeconds,
                  quick ? 5 : seconds);
          List<String> lines =
              ChildJvm.run(List.of(), FreshnessRun.class, List.of(json.writeValueAsString(plan)));
          rows.add(cells(json.readValue(lines.getFirst(), FreshnessRun.Result.class)));
        }
      }
    }
    print(rows);
    if (markdown != null) {
      Files.write(markdown, Markdown.table(COLUMNS, WORDS, rows));
    }
    return 0;
  }

  private void print(List<List<String>> rows) {
    System.out.printf(
        Locale.ROOT,
        "%nFreshness: %,d images/s, minibatches of %d, a snapshot every %s; JDK %s, %d processors,"
            + " the broker's JVM on the same%n%n",
        rate,
        batch,
        everySteps == 1 ? "step" : everySteps + " steps",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors());
    TextTable.table(COLUMNS, WORDS, 1, rows).forEach(System.out::println);
    System.out.println(
        """

        from an image's production, before it is handed to the producer, to the first answer of a
        predictor whose snapshot was trained on it, as the snapshot's source offsets say; producer,
        learner, subscriber and predictor are in one JVM and talk through the broker; a prediction
        is asked for every millisecond
        predicted with: versions that answered; of those of one commit only the newest need to\
        """);
  }

  private static List<String> cells(FreshnessRun.Result result) {
    return List.of(
        result.network(),
        result.commitMs() + " ms",
        String.format(Locale.ROOT, "%,d", result.images()),
        String.format(Locale.ROOT, "%,.0f", result.p50Ms()),
        String.format(Locale.ROOT, "%,.0f", result.p99Ms()),
        String.format(Locale.ROOT, "%,.0f", result.longestMs()),
        String.format(Locale.ROOT, "%,d", result.published()),
        String.format(Locale.ROOT, "%,d", result.answered()));
  }
}
