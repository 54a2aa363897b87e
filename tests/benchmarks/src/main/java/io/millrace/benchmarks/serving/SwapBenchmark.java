package io.millrace.benchmarks.serving;

import io.millrace.benchmarks.report.TextTable;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.Predictor;
import io.millrace.serving.SnapshotAssembler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Swaps versions of a model of a million parameters under threads that predict without pause.
 * Windows with and without swaps take turns, so that whatever happens on the machine meets both.
 */
@Command(
    name = "swaps",
    mixinStandardHelpOptions = true,
    description = "Measures predictions while snapshots are swapped in, beside predictions alone.")
public final class SwapBenchmark implements Callable<Integer> {
  /** So many that no two of them have a tensor in common. */
  private static final int VERSIONS = 7;

  private static final double LARGEST_RATIO = 1.5;

  @Option(names = "--swaps", defaultValue = "1000", description = "(default: ${DEFAULT-VALUE})")
  private int swaps = 1000;

  @Option(names = "--callers", defaultValue = "4", description = "(default: ${DEFAULT-VALUE})")
  private int callers = 4;

  @Option(
      names = "--parallelism",
      description = "Calls that compute at the same time; all processors without it.")
  private int parallelism = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--rounds",
      defaultValue = "20",
      description = "Windows of each kind; the first fifth is warm-up (default: ${DEFAULT-VALUE}).")
  private int rounds = 20;

  @Option(
      names = "--per-second",
      defaultValue = "20",
      description = "Swaps a second within their windows (default: ${DEFAULT-VALUE}).")
  private int perSecond = 20;

  /** One record of the snapshot topic. */
  private record Entry(byte[] key, byte[] value) {}

  /** Latencies in microseconds. */
  private record Latency(int calls, double p50, double p99, double max) {
    static Latency of(long[] sortedNanos) {
      return new Latency(
          sortedNanos.length, at(sortedNanos, 0.5), at(sortedNanos, 0.99), at(sortedNanos, 1));
    }

    private static double at(long[] sorted, double share) {
      return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))] * 1e-3;
    }
  }

  private final List<List<Entry>> versions = new ArrayList<>();
  private final List<Latency> alone = new ArrayList<>();
  private final List<Latency> swapping = new ArrayList<>();
  private final List<Long> heapBytes = new ArrayList<>();
  private final List<Long> heapSwaps = new ArrayList<>();
  private int done;

  @Override
  public Integer call() {
    for (int version = 1; version <= VERSIONS; version++) {
      List<Entry> entries = new ArrayList<>();
      CountingModel.write(
          version,
          (key, value) -> entries.add(new Entry(key.getBytes(StandardCharsets.UTF_8), value)));
      versions.add(entries);
    }
    int perRound = Math.max(1, swaps / rounds);
    long roundMs = 1000L * perRound / perSecond;
    try (Predictor predictor =
        new Predictor(new Predictor.Options(parallelism, 1, 1, KernelLookup.lookup()))) {
      swap(predictor);
      try (Callers threads = new Callers(predictor, callers)) {
        for (int round = 0; round < rounds; round++) {
          measure(predictor, threads, round, perRound, roundMs);
        }
        return print(threads, roundMs);
      }
    }
  }

  private void measure(
      Predictor predictor, Callers threads, int round, int perRound, long roundMs) {
    Runnable quiet = () -> LockSupport.parkNanos(roundMs * 1_000_000);
    Runnable swaps = () -> swapPaced(predictor, perRound);
    boolean quietFirst = round % 2 == 0;
    long[] first = threads.during(quietFirst ? quiet : swaps);
    long[] second = threads.during(quietFirst ? swaps : quiet);
    if (round >= rounds / 5) {
      alone.add(Latency.of(quietFirst ? first : second));
      swapping.add(Latency.of(quietFirst ? second : first));
      heapBytes.add(usedBytes());
      heapSwaps.add((long) done);
    }
  }

  private void swapPaced(Predictor predictor, int count) {
    long next = System.nanoTime();
    for (int i = 0; i < count; i++) {
      swap(predictor);
      next += 1_000_000_000L / perSecond;
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  /** As a subscriber does it: puts the records together, verifies, builds, swaps. */
  private void swap(Predictor predictor) {
    SnapshotAssembler assembler = new SnapshotAssembler(Optional.of(CountingModel.NAME), 64L << 20);
    AssemblyResult last = null;
    for (Entry entry : versions.get(done % VERSIONS)) {
      last = assembler.accept(entry.key(), entry.value());
    }
    if (!(last instanceof Assembled assembled)) {
      throw new IllegalStateException("expected a snapshot, got " + last);
    }
    predictor.onSnapshot(assembled.snapshot());
    done++;
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private int print(Callers threads, long roundMs) {
    double[] ratios = new double[alone.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = swapping.get(i).p99() / alone.get(i).p99();
    }
    Arrays.sort(ratios);
    double ratio = ratios[ratios.length / 2];
    System.out.printf(
        Locale.ROOT,
        "%nSwaps of a model of 1,001,551 parameters; JDK %s, %d processors; %d callers, %d of them"
            + " compute at a time%n%d windows of %d ms of each kind in turn, after warm-up; medians"
            + " of the windows%n%n",
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        callers,
        parallelism,
        alone.size(),
        roundMs);
    TextTable.table(
            List.of("", "calls", "p50, us", "p99, us", "worst, us"),
            Set.of(""),
            1,
            List.of(row("no swaps", alone), row("swaps", swapping)))
        .forEach(System.out::println);
    Trend heap = Trend.of(heapSwaps, heapBytes);
    System.out.printf(
        Locale.ROOT,
        "%nswaps: %,d; failed predictions: %d; answers not of their version: %d%n"
            + "p99 with swaps: %.2f x without (median of pairs; %.2f to %.2f; at most %.1f wanted)%n"
            + "heap after GC: %.1f MB at first, %.1f MB in the end; slope %+.0f bytes a swap,"
            + " standard error %.0f%n",
        done,
        threads.failed(),
        threads.mixed(),
        ratio,
        ratios[0],
        ratios[ratios.length - 1],
        LARGEST_RATIO,
        heapBytes.getFirst() * 1e-6,
        heapBytes.getLast() * 1e-6,
        heap.slope(),
        heap.standardError());
    boolean good =
        threads.failed() == 0
            && threads.mixed() == 0
            && ratio <= LARGEST_RATIO
            && heap.slope() <= 3 * heap.standardError() + 1;
    System.out.println(good ? "as it should be" : "NOT as it should be");
    return good ? 0 : 1;
  }

  private static List<String> row(String name, List<Latency> windows) {
    return List.of(
        name,
        String.format(Locale.ROOT, "%,d", windows.stream().mapToInt(Latency::calls).sum()),
        median(windows.stream().mapToDouble(Latency::p50).toArray()),
        median(windows.stream().mapToDouble(Latency::p99).toArray()),
        String.format(
            Locale.ROOT, "%,.0f", windows.stream().mapToDouble(Latency::max).max().orElse(0)));
  }

  private static String median(double[] values) {
    Arrays.sort(values);
    return String.format(Locale.ROOT, "%,.0f", values[values.length / 2]);
  }
}
