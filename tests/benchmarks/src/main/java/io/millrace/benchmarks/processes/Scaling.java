package io.millrace.benchmarks.processes;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.FmaPeak;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.report.TextTable;
import io.millrace.model.kernel.VectorKernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures how much faster Millrace's training step is with more threads. The numbers of threads
 * take turns in short windows of one process, so that a busy neighbour meets all of them.
 */
@Command(
    name = "scaling",
    mixinStandardHelpOptions = true,
    description = "Measures the training step's speed-up with threads: 1 and all cores.")
public final class Scaling implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "network",
          "batch",
          "threads",
          "images/s",
          "min - max",
          "speed-up",
          "min - max",
          "CPU used",
          "min - max",
          "images/CPU s",
          "others used",
          "disturbed");

  private static final int PEAK_ROUNDS = 3;
  private static final int PEAK_WINDOW_MS = 60;

  /** Network and batch. */
  private static final int GROUPED_BY = 2;

  @Option(
      names = "--network",
      paramLabel = "NAME|FILE",
      split = ",",
      description = "Repeatable; without it lenet5, small-cnn and resnet20.")
  private List<String> networks = List.of("lenet5", "small-cnn", "resnet20");

  @Option(
      names = "--batch",
      paramLabel = "N",
      split = ",",
      description = "Images of a minibatch; without it 32 and 128.")
  private List<Integer> batches = List.of(32, 128);

  @Option(
      names = "--threads",
      paramLabel = "N",
      split = ",",
      description = "Speeds are related to the smallest; without it 1 and all cores.")
  private List<Integer> threads = List.of(1, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--rounds",
      defaultValue = "15",
      description = "The first third is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(
      names = "--window-ms",
      defaultValue = "400",
      description = "Of each number of threads in each round (default: ${DEFAULT-VALUE}).")
  private int windowMs = 400;

  @Option(
      names = "--patience-s",
      defaultValue = "30",
      description = {
        "Seconds to wait for each minibatch size, in all, while others use the processors",
        "(default: ${DEFAULT-VALUE})."
      })
  private int patienceSeconds = 30;

  @Option(
      names = "--dataset",
      paramLabel = "NAME|PATH",
      defaultValue = "fashion-mnist",
      description = "Scaled to the network's input (default: ${DEFAULT-VALUE}).")
  private String dataset = "fashion-mnist";

  @Option(
      names = "--quick",
      description = "Six rounds of 100 ms without patience, for a look of some seconds.")
  private boolean quick;

  @Option(
      names = "--at-least",
      paramLabel = "RATIO",
      defaultValue = "0",
      description = {
        "Ends with status 1 if the median speed-up with the most threads is less anywhere, or could",
        "not be measured; such as 1.85."
      })
  private double atLeast;

  @Override
  public Integer call() throws IOException {
    ObjectMapper json = new ObjectMapper();
    Effort effort = quick ? new Effort(6, 100, 0) : new Effort(rounds, windowMs, patienceSeconds);
    List<Integer> counts = threads.stream().distinct().sorted().toList();
    List<ScalingCase> cases = new ArrayList<>();
    List<FmaPeak.Peak> peaks = new ArrayList<>();
    for (String network : networks) {
      System.err.println("measuring " + network + ", batches " + batches + ", threads " + counts);
      ScalingPlan plan = new ScalingPlan(network, batches, counts, effort, dataset);
      List<String> arguments = List.of(json.writeValueAsString(plan));
      for (String line : ChildJvm.run(List.of(), ScaledTraining.class, arguments)) {
        cases.add(json.readValue(line, ScalingCase.class));
      }
      for (int count : counts) {
        peaks.addAll(FmaPeak.measure(count, PEAK_ROUNDS, PEAK_WINDOW_MS));
      }
    }
    print(effort, counts, cases, peaks);
    boolean good = cases.stream().allMatch(result -> atLeast <= 0 || result.reaches(atLeast));
    if (!good) {
      System.out.printf(Locale.ROOT, "%nNOT AT LEAST %.2f x%n", atLeast);
    }
    return good ? 0 : 1;
  }

  private void print(
      Effort effort, List<Integer> counts, List<ScalingCase> cases, List<FmaPeak.Peak> peaks) {
    System.out.printf(
        Locale.ROOT,
        "%nTraining step of %s; JDK %s, %d lanes, %d processors; %d rounds of %d ms in turn, the"
            + " first %d thrown away%n",
        dataset,
        Runtime.version(),
        new VectorKernels().lanes(),
        Runtime.getRuntime().availableProcessors(),
        effort.rounds(),
        effort.windowMs(),
        effort.warmUpRounds());
    for (int count : counts) {
      System.out.printf(
          Locale.ROOT,
          "bare multiply-adds, %d %s: %.1f GFLOP/s, %.2f x%n",
          count,
          count == 1 ? "thread" : "threads",
          peak(peaks, count).orElse(Double.NaN),
          peak(peaks, count).orElse(Double.NaN)
              / peak(peaks, counts.getFirst()).orElse(Double.NaN));
    }
    System.out.println();
    List<List<String>> rows = cases.stream().flatMap(Scaling::rows).toList();
    TextTable.table(COLUMNS, Set.of("network"), GROUPED_BY, rows).forEach(System.out::println);
    System.out.println(
        """

        speed-up: over the first row of its group, in rounds that disturbed neither; "disturbed" if there are none
        CPU used: of what the threads could use; clearly less than 100 % in the first row means a busy machine
        images/CPU s: in all windows; the less it falls with threads, the less they cost each other
        others used: processors, median and most\
        """);
  }

  /** The best of all times and widths. */
  private static OptionalDouble peak(List<FmaPeak.Peak> peaks, int threads) {
    return peaks.stream()
        .filter(peak -> peak.threads() == threads)
        .mapToDouble(FmaPeak.Peak::gflops)
        .max();
  }

  private static Stream<List<String>> rows(ScalingCase result) {
    return result.rows().stream().map(row -> cells(result, row));
  }

  private static List<String> cells(ScalingCase result, ScalingCase.Row row) {
    Spread images = row.imagesPerSecond();
    Spread speedUp = row.speedUp();
    Spread cpu = row.cpuShare().times(100);
    boolean base = row.equals(result.rows().getFirst());
    return List.of(
        result.network(),
        Integer.toString(result.batch()),
        Integer.toString(row.threads()),
        String.format(Locale.ROOT, "%,.0f", images.median()),
        String.format(Locale.ROOT, "%,.0f - %,.0f", images.min(), images.max()),
        base ? "" : speedUp(row),
        base || !row.reliable()
            ? ""
            : String.format(Locale.ROOT, "%.2f - %.2f", speedUp.min(), speedUp.max()),
        String.format(Locale.ROOT, "%.0f %%", cpu.median()),
        String.format(Locale.ROOT, "%.0f - %.0f", cpu.min(), cpu.max()),
        String.format(Locale.ROOT, "%,.0f", row.imagesPerCpuSecond().median()),
        String.format(Locale.ROOT, "%.1f, %.1f", row.foreign().median(), row.foreign().max()),
        String.format(Locale.ROOT, "%d of %d", row.disturbed(), row.windows()));
  }

  private static String speedUp(ScalingCase.Row row) {
    return row.reliable()
        ? String.format(Locale.ROOT, "%.2f x", row.speedUp().median())
        : "disturbed";
  }
}
