package io.millrace.benchmarks.kernels;

import io.millrace.benchmarks.measure.FmaPeak;
import io.millrace.model.kernel.VectorKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Times the passes of each layer, computed as training computes it, by JMH, in JVMs of their own
 * with the flags of this one, and relates the best window to the best window of bare multiply-adds,
 * which this JVM runs in between.
 */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description =
        "Times the kernels of each layer as training runs them, in GFLOP/s and percent of the peak.")
public final class KernelSpeed implements Callable<Integer> {
  private static final long PEAK_NANOS = 200_000_000;
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  @Option(names = "--quick", description = "A few layers, for a look of a minute.")
  private boolean quick;

  @Option(
      names = "--layer",
      paramLabel = "TEXT",
      description = "Only layers whose place or shape contains it, such as resnet20 or kh5.")
  private String layer = "";

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      converter = Algorithm.Converter.class,
      description = {
        "Repeatable: vector (without it) or scalar, as training computes the layer;",
        "vector-direct or scalar-direct, by the definition where training transforms."
      })
  private List<Algorithm> algorithms = new ArrayList<>();

  @Option(names = "--batch", defaultValue = "32", description = "Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--profile",
      paramLabel = "NAME",
      description = "One of JMH's profilers; gc adds the bytes that an operation allocates.")
  private @Nullable String profiler;

  @Spec
  @SuppressWarnings("NullAway.Init") // Set by picocli.
  private CommandSpec command;

  /**
   * One pass of one layer.
   *
   * @param best of its windows, in GFLOP/s
   * @param median of the same
   * @param allocated bytes an operation in the best window for that, if they were measured; some
   *     kilobytes a window are JMH's own
   */
  private record Speed(double best, double median, Optional<Double> allocated) {}

  /** The passes of one layer that its algorithm has. */
  private record Line(Layer layer, Algorithm algorithm, Map<Pass, Speed> speeds) {}

  @Override
  public Integer call() throws RunnerException {
    List<Algorithm> measured =
        algorithms.isEmpty() ? List.of(Algorithm.ALL.getFirst()) : algorithms;
    List<Line> lines = new ArrayList<>();
    double peak = 0;
    for (Layer chosen : Layers.chosen(quick, layer)) {
      for (Algorithm algorithm : measured) {
        if (algorithm.fits(chosen)) {
          System.err.println(
              chosen.place() + ", " + algorithm.name() + ": " + algorithm.way(chosen));
          peak = Math.max(peak, FmaPeak.ofThisThread(PEAK_NANOS));
          lines.add(measure(chosen, algorithm));
          peak = Math.max(peak, FmaPeak.ofThisThread(PEAK_NANOS));
        }
      }
    }
    if (lines.isEmpty()) {
      throw Layers.noneChosen(command.commandLine(), layer);
    }
    print(lines, peak);
    return 0;
  }

  private Line measure(Layer measured, Algorithm algorithm) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(methods(algorithm.passes(measured)))
            .param("layer", measured.place())
            .param("algorithm", algorithm.name())
            .param("batch", Integer.toString(batch))
            .forks(1)
            .shouldFailOnError(true)
            .warmupIterations(quick ? 3 : 8)
            .warmupTime(TimeValue.milliseconds(400))
            .measurementIterations(quick ? 4 : 8)
            .measurementTime(TimeValue.milliseconds(200))
            .verbosity(VerboseMode.SILENT);
    boolean quiet = profiler == null || profiler.equals("gc");
    if (profiler != null) {
      options.addProfiler(profiler);
      options.verbosity(quiet ? VerboseMode.SILENT : VerboseMode.NORMAL);
    }
    Collection<RunResult> results =
        quiet ? runQuietly(options.build()) : new Runner(options.build()).run();
    Map<Pass, Speed> speeds = new EnumMap<>(Pass.class);
    for (RunResult result : results) {
      Pass pass = pass(result);
      speeds.put(pass, speed((double) measured.flops() * pass.products() * batch, result));
    }
    return new Line(measured, algorithm, speeds);
  }

  /** A pattern of the benchmarks that time some passes. */
  private static String methods(List<Pass> passes) {
    String names = passes.stream().map(Pass::method).collect(Collectors.joining("|"));
    return Pattern.quote(KernelBenchmark.class.getName()) + "\\.(" + names + ")$";
  }

  /** Keeps what the forked JVMs print to itself, unless they fail. */
  private static Collection<RunResult> runQuietly(Options options) throws RunnerException {
    PrintStream shown = System.out;
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    System.setOut(new PrintStream(kept, true, StandardCharsets.UTF_8));
    try {
      return new Runner(options).run();
    } catch (RunnerException e) {
      shown.println(kept.toString(StandardCharsets.UTF_8));
      throw e;
    } finally {
      System.setOut(shown);
    }
  }

  /** Which pass a result is of. */
  private static Pass pass(RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    String method = benchmark.substring(benchmark.lastIndexOf('.') + 1);
    return Arrays.stream(Pass.values())
        .filter(pass -> pass.method().equals(method))
        .findFirst()
        .orElseThrow();
  }

  /**
   * The speed of a pass.
   *
   * @param flops of one operation
   */
  private static Speed speed(double flops, RunResult result) {
    List<IterationResult> windows =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .toList();
    double[] speeds =
        windows.stream()
            .mapToDouble(window -> flops / window.getPrimaryResult().getScore())
            .sorted()
            .toArray();
    return new Speed(speeds[speeds.length - 1], speeds[speeds.length / 2], allocated(windows));
  }

  private static Optional<Double> allocated(List<IterationResult> windows) {
    return windows.stream()
        .flatMap(
            window -> Optional.ofNullable(window.getSecondaryResults().get(ALLOCATED)).stream())
        .map(result -> result.getScore())
        .min(Comparator.naturalOrder());
  }

  private void print(List<Line> lines, double peak) {
    System.out.printf(
        Locale.ROOT,
        "%nminibatch %d, one thread, %d lanes, JDK %s; bare multiply-adds: %.1f GFLOP/s%n"
            + "best window in GFLOP/s (padding counted), in percent of the bare ones (padding not"
            + " counted), and the median window%n"
            + "ways: of forward / backward input / backward weight where they differ; effective:"
            + " counted as if by the definition, so that a transform may exceed 100 %%%n%n",
        batch,
        new VectorKernels().lanes(),
        Runtime.version(),
        peak);
    String titles =
        Arrays.stream(Pass.values()).map(Pass::title).collect(Collectors.joining(" | "));
    System.out.println("| layer | shape | algorithm | way | " + titles + " |");
    System.out.println("| --- ".repeat(4 + Pass.values().length) + "|");
    for (Line line : lines) {
      System.out.println(row(line, peak));
    }
  }

  private static String row(Line line, double peak) {
    Layer layer = line.layer();
    Algorithm algorithm = line.algorithm();
    List<String> cells = new ArrayList<>();
    cells.add(layer.place());
    cells.add(layer.shapeName());
    cells.add(algorithm.name());
    cells.add(algorithm.way(layer) + (algorithm.transforms(layer) ? ", effective" : ""));
    double useful = (double) layer.usefulFlops() / layer.flops();
    for (Pass pass : Pass.values()) {
      Speed speed = line.speeds().get(pass);
      cells.add(speed == null ? "only with weight" : cell(speed, useful / peak));
    }
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String cell(Speed speed, double shareOfOneGflops) {
    String allocated =
        speed.allocated().map(bytes -> String.format(Locale.ROOT, ", %.1f B", bytes)).orElse("");
    return String.format(
            Locale.ROOT,
            "%.1f, %.0f %%, %.1f",
            speed.best(),
            100 * speed.best() * shareOfOneGflops,
            speed.median())
        + allocated;
  }
}
