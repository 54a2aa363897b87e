package io.millrace.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.millrace.benchmarks.comparison.Plan;
import io.millrace.benchmarks.comparison.Processes;
import io.millrace.benchmarks.comparison.ThisMachine;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.report.Markdown;
import io.millrace.benchmarks.report.RatioChart;
import io.millrace.benchmarks.report.Report;
import io.millrace.benchmarks.report.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that the measuring commands share, and what they do with them. */
final class MeasureOptions {
  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = List.of("lenet5", "small-cnn", "resnet20");

  @Option(names = "--batch", paramLabel = "N", split = ",", description = "Images of a minibatch.")
  private List<Integer> batches = List.of();

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "For every engine alike; without it 1 and all cores.")
  private List<Integer> threads =
      Stream.of(1, Runtime.getRuntime().availableProcessors()).distinct().toList();

  @Option(names = "--peers", paramLabel = "NAME", split = ",", description = "Beside Millrace.")
  private List<String> peers = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "The first third is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(
      names = "--window-ms",
      defaultValue = "400",
      description = "Of each engine in each round (default: ${DEFAULT-VALUE}).")
  private int windowMs = 400;

  @Option(
      names = "--patience-s",
      defaultValue = "30",
      description = {
        "Seconds to wait in each case, in all, while others use the processors",
        "(default: ${DEFAULT-VALUE})."
      })
  private int patienceSeconds = 30;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures.")
  private @Nullable Path json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the table.")
  private @Nullable Path markdown;

  @Option(names = "--chart", paramLabel = "FILE.png", description = "Draws the ratios.")
  private @Nullable Path chart;

  /**
   * Measures and writes.
   *
   * @param defaultBatches without {@code --batch}
   * @param allPeers without {@code --peers}
   * @return 0, or 1 if an engine failed its check
   */
  int run(Plan.Kind kind, List<Integer> defaultBatches, List<String> allPeers) throws IOException {
    Effort effort = new Effort(rounds, windowMs, patienceSeconds);
    List<Plan> plans = new ArrayList<>();
    for (String network : networks) {
      for (int count : threads) {
        plans.add(
            new Plan(
                kind,
                network,
                batches.isEmpty() ? defaultBatches : batches,
                count,
                peers.isEmpty() ? allPeers : peers,
                effort,
                dataset));
      }
    }
    Report report = new Processes(ThisMachine.context()).run(plans);
    System.out.println(TextTable.of(report));
    if (markdown != null) {
      Files.writeString(markdown, Markdown.of(report));
    }
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), report);
    }
    if (chart != null) {
      RatioChart.write(report, chart);
    }
    return report.cases().stream().allMatch(c -> c.failures().isEmpty()) ? 0 : 1;
  }
}
