package io.millrace.benchmarks.kernels;

import io.millrace.model.kernel.VectorKernels;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Times each kernel on each layer by JMH, in a JVM of its own with the flags of this one, and
 * relates its best window to the best window of bare multiply-adds that were measured in between.
 */
@Command(
    name = "kernels",
    mixinStandardHelpOptions = true,
    description = "Times each kernel on each layer's shape, in GFLOP/s and percent of the peak.")
public final class KernelSpeed implements Callable<Integer> {
  private static final List<String> KERNELS = List.of("forward", "backwardInput", "backwardWeight");
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
      description = "Repeatable: vector (without it), scalar.")
  private List<String> algorithms = new ArrayList<>();

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
   * One kernel on one layer.
   *
   * @param best of its windows, in GFLOP/s
   * @param median of the same
   * @param peak the best window of bare multiply-adds, in GFLOP/s
   * @param allocated bytes an operation in the best window for that, if they were measured; some
   *     kilobytes a window are JMH's own
   */
  private record Speed(double best, double median, double peak, Optional<Double> allocated) {}

  /** The kernels of one layer, in the order of {@link #KERNELS}. */
  private record Line(Layer layer, String algorithm, List<Speed> speeds) {}

  @Override
  public Integer call() throws RunnerException {
    List<String> names = algorithms.isEmpty() ? List.of("vector") : algorithms;
    List<Line> lines = new ArrayList<>();
    for (Layer measured : Layers.ALL) {
      for (String name : names) {
        if (chosen(measured) && Algorithm.named(name).fits(measured)) {
          System.err.println(measured.place() + ", " + name);
          lines.add(measure(measured, name));
        }
      }
    }
    if (lines.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "--layer: expected a part of a place or a shape, as in the table without it, got "
              + layer);
    }
    print(lines);
    return 0;
  }

  private boolean chosen(Layer candidate) {
    return (!quick || Layers.QUICK.contains(candidate.place()))
        && (candidate.place().contains(layer) || candidate.shapeName().contains(layer));
  }

  private Line measure(Layer measured, String algorithm) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\Q" + KernelBenchmark.class.getName() + "\\E\\.")
            .param("layer", measured.place())
            .param("algorithm", algorithm)
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
    List<Speed> speeds =
        results.stream()
            .sorted(Comparator.comparingInt(KernelSpeed::kernel))
            .map(result -> speed(measured, result))
            .toList();
    return new Line(measured, algorithm, speeds);
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

  /** The index of a result's kernel in {@link #KERNELS}. */
  private static int kernel(RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    return KERNELS.indexOf(benchmark.substring(benchmark.lastIndexOf('.') + 1));
  }

  private Speed speed(Layer measured, RunResult result) {
    double flops = (double) measured.flops() * batch;
    List<IterationResult> windows =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .toList();
    double[] speeds =
        windows.stream()
            .mapToDouble(window -> flops / window.getPrimaryResult().getScore())
            .sorted()
            .toArray();
    double peak =
        windows.stream()
            .mapToDouble(window ->
                Objects.requireNonNull(window.getSecondaryResults().get("peak")).getScore())
            .max()
            .orElse(0);
    return new Speed(
        speeds[speeds.length - 1], speeds[speeds.length / 2], peak, allocated(windows));
  }

  private static Optional<Double> allocated(List<IterationResult> windows) {
    return windows.stream()
        .flatMap(
            window -> Optional.ofNullable(window.getSecondaryResults().get(ALLOCATED)).stream())
        .map(result -> result.getScore())
        .min(Comparator.naturalOrder());
  }

  private void print(List<Line> lines) {
    double peak =
        lines.stream()
            .flatMap(line -> line.speeds().stream())
            .mapToDouble(Speed::peak)
            .max()
            .orElse(0);
    System.out.printf(
        Locale.ROOT,
        "%nminibatch %d, one thread, %d lanes, JDK %s; bare multiply-adds: %.1f GFLOP/s%n"
            + "best window in GFLOP/s (padding counted), in percent of the bare ones (padding not"
            + " counted), and the median window%n%n",
        batch,
        new VectorKernels().lanes(),
        Runtime.version(),
        peak);
    System.out.println(
        "| layer | shape | algorithm | forward | backward input | backward weight |");
    System.out.println("| --- | --- | --- | --- | --- | --- |");
    for (Line line : lines) {
      System.out.print(
          "| "
              + line.layer().place()
              + " | "
              + line.layer().shapeName()
              + " | "
              + line.algorithm());
      for (Speed speed : line.speeds()) {
        System.out.printf(
            Locale.ROOT,
            " | %.1f, %.0f %%, %.1f%s",
            speed.best(),
            100 * speed.best() / peak * line.layer().usefulFlops() / line.layer().flops(),
            speed.median(),
            speed
                .allocated()
                .map(bytes -> String.format(Locale.ROOT, ", %.1f B", bytes))
                .orElse(""));
      }
      System.out.println(" |");
    }
  }
}
