package io.millrace.benchmarks.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts fresh JVMs that train, and measures how long each takes to its own steady speed. The
 * variants take turns, so that a busy neighbour meets all of them.
 */
@Command(
    name = "startup",
    mixinStandardHelpOptions = true,
    description = "Measures the seconds from the start of a JVM to 90 %% of its steady speed.")
public final class Startup implements Callable<Integer> {
  private static final double SHARE = 0.9;
  private static final int WINDOWS_OF_SECOND = (int) Math.round(1 / SpeedCurve.WINDOW);
  private static final int[] SHOWN_SECONDS = {1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30};

  @Option(names = "--network", paramLabel = "NAME", defaultValue = "small-cnn")
  private String network = "small-cnn";

  @Option(names = "--threads", description = "Of the learner; all processors without it.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--seconds", defaultValue = "40", description = "Default: ${DEFAULT-VALUE}.")
  private int seconds;

  @Option(names = "--starts", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int starts;

  @Option(
      names = "--no-aot",
      description = "Leaves out the variant with an AOT cache, which takes a run to make.")
  private boolean noAot;

  @Option(
      names = "--flags",
      paramLabel = "NAME=FLAGS",
      description = "Repeatable: one more variant, with JVM flags separated by spaces.")
  private Map<String, String> extraFlags = new LinkedHashMap<>();

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes variant, start, seconds and images/s of each window.")
  private @Nullable Path csv;

  @Override
  public Integer call() throws IOException {
    Path folder = Files.createTempDirectory("millrace-startup");
    try {
      Map<String, List<StartMeasurement>> curves = run(variants(folder.resolve("millrace.aot")));
      print(curves);
      if (csv != null) {
        Files.write(csv, lines(curves));
      }
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
    return 0;
  }

  /** Flags by variant; makes the AOT cache, by a whole training run, if it takes part. */
  private Map<String, List<String>> variants(Path cache) throws IOException {
    Map<String, List<String>> variants = new LinkedHashMap<>();
    variants.put("default", List.of());
    if (!noAot) {
      long start = System.nanoTime();
      train(List.of("-XX:AOTCacheOutput=" + cache));
      System.out.printf(
          Locale.ROOT,
          "AOT cache: %d MB, %.0f s to make, of which %d s of training%n",
          Files.size(cache) >> 20,
          (System.nanoTime() - start) * 1e-9,
          seconds);
      variants.put("AOT cache", List.of("-XX:AOTCache=" + cache));
    }
    extraFlags.forEach((name, flags) -> variants.put(name, List.of(flags.trim().split(" +", -1))));
    return variants;
  }

  private Map<String, List<StartMeasurement>> run(Map<String, List<String>> variants)
      throws IOException {
    Map<String, List<StartMeasurement>> curves = new LinkedHashMap<>();
    for (int start = 1; start <= starts; start++) {
      for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
        StartMeasurement curve = train(variant.getValue());
        System.out.printf(
            Locale.ROOT,
            "start %d, %s: first step after %.1f s, 90 %% after %.1f s, steady %.0f images/s on %.1f"
                + " processors%n",
            start,
            variant.getKey(),
            curve.wall().firstStep(),
            curve.wall().secondsTo(SHARE),
            curve.wall().steady(),
            curve.processors());
        curves.computeIfAbsent(variant.getKey(), _ -> new ArrayList<>()).add(curve);
      }
    }
    return curves;
  }

  private StartMeasurement train(List<String> flags) throws IOException {
    long now = System.currentTimeMillis();
    List<String> arguments =
        List.of(
            network,
            Integer.toString(threads),
            Long.toString(now),
            Long.toString(now + seconds * 1000L));
    return StartMeasurement.of(ChildJvm.run(flags, TimedTraining.class, arguments));
  }

  private void print(Map<String, List<StartMeasurement>> curves) {
    System.out.printf(
        "%n%s, minibatch %d, %d threads, JDK %s; medians of %d starts of %d s%n%n",
        network, RealTraining.BATCH, threads, Runtime.version(), starts, seconds);
    System.out.println(
        "| JVM | first step, s | to 90 %, s | steady, images/s | processors | to 90 %, processor s |"
            + " lost, processor s | steady, images/processor s | images/s after s |");
    System.out.println("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    curves.forEach((variant, runs) ->
        System.out.printf(
            Locale.ROOT,
            "| %s | %.1f | %.1f | %.0f | %.1f | %.1f | %.1f | %.0f | %s |%n",
            variant,
            median(runs, run -> run.wall().firstStep()),
            median(runs, run -> run.wall().secondsTo(SHARE)),
            median(runs, run -> run.wall().steady()),
            median(runs, StartMeasurement::processors),
            median(runs, run -> run.processor().secondsTo(SHARE)),
            median(runs, run -> run.processor().secondsLost()),
            median(runs, run -> run.processor().steady()),
            shape(runs)));
    System.out.println(
        "\nprocessors: how many the process had in the last third, fewer than threads on a busy"
            + " machine\nlost: what the start cost beside the same images at steady speed\n"
            + "processor s: time of all processors, which neighbours hardly change");
  }

  /** Speeds of single seconds, as {@code second:images/s}. */
  private static String shape(List<StartMeasurement> runs) {
    StringBuilder text = new StringBuilder();
    for (int second : SHOWN_SECONDS) {
      int from = second * WINDOWS_OF_SECOND;
      int to = from + WINDOWS_OF_SECOND;
      if (runs.stream().allMatch(run -> run.wall().speeds().length >= to)) {
        text.append(
            String.format(
                Locale.ROOT, "%d:%.0f ", second, median(runs, run -> run.wall().mean(from, to))));
      }
    }
    return text.toString().trim();
  }

  private static double median(
      List<StartMeasurement> runs, ToDoubleFunction<StartMeasurement> figure) {
    return SpeedCurve.median(runs.stream().mapToDouble(figure).toArray());
  }

  private static List<String> lines(Map<String, List<StartMeasurement>> curves) {
    List<String> lines = new ArrayList<>(List.of("variant,start,seconds,images_per_second"));
    curves.forEach((variant, runs) -> {
      for (int run = 0; run < runs.size(); run++) {
        double[] speeds = runs.get(run).wall().speeds();
        for (int window = 0; window < speeds.length; window++) {
          double time = window * SpeedCurve.WINDOW;
          lines.add(
              String.format(
                  Locale.ROOT, "%s,%d,%.1f,%.1f", variant, run + 1, time, speeds[window]));
        }
      }
    });
    return lines;
  }
}
