package io.millrace.benchmarks.comparison;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.FmaPeak;
import io.millrace.benchmarks.report.CaseResult;
import io.millrace.benchmarks.report.Context;
import io.millrace.benchmarks.report.Report;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Starts measuring processes one after the other and puts their outcomes together. */
public final class Processes {
  /** What the native libraries read when they are loaded. */
  private static final List<String> THREAD_VARIABLES =
      List.of("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS");

  private static final int PEAK_ROUNDS = 3;
  private static final int PEAK_WINDOW_MS = 60;

  private final ObjectMapper json = new ObjectMapper();
  private final Context context;

  public Processes(Context context) {
    this.context = context;
  }

  /**
   * Runs plans, each in a process of its own.
   *
   * @param plans of one kind, with the same rounds and windows; at least one
   * @throws IOException if a process fails
   */
  public Report run(List<Plan> plans) throws IOException {
    List<CaseResult> cases = new ArrayList<>();
    Map<String, FmaPeak.Peak> peaks = new LinkedHashMap<>();
    List<String> images = new ArrayList<>();
    for (Plan plan : plans) {
      System.err.printf(
          Locale.ROOT,
          "measuring %s of %s, batches %s, threads %d%n",
          plan.kind().text(),
          plan.network(),
          plan.batches(),
          plan.threads());
      List<FmaPeak.Peak> measured = new ArrayList<>(peaks(plan));
      Outcome outcome = run(plan);
      measured.addAll(peaks(plan));
      cases.addAll(outcome.cases());
      images.add(outcome.images());
      for (FmaPeak.Peak peak : measured) {
        peaks.merge(
            peak.threads() + "/" + peak.vectorBits(),
            peak,
            (a, b) -> a.gflops() >= b.gflops() ? a : b);
      }
    }
    Plan first = plans.getFirst();
    return new Report(
        context,
        first.kind().text(),
        String.join("; ", images.stream().distinct().toList()),
        first.effort(),
        List.copyOf(peaks.values()),
        cases);
  }

  /** Before and after the process, so that the peak meets the same machine as it does. */
  private static List<FmaPeak.Peak> peaks(Plan plan) {
    return FmaPeak.measure(plan.threads(), PEAK_ROUNDS, PEAK_WINDOW_MS);
  }

  private Outcome run(Plan plan) throws IOException {
    Path folder = Files.createTempDirectory("millrace-bench");
    try {
      Path in = folder.resolve("plan.json");
      Path out = folder.resolve("outcome.json");
      json.writeValue(in.toFile(), plan);
      ProcessBuilder builder = new ProcessBuilder(command(plan.threads(), in, out)).inheritIO();
      THREAD_VARIABLES.forEach(
          name -> builder.environment().put(name, Integer.toString(plan.threads())));
      // Not in the command line: ONNX Runtime matches that against a pattern, whose recursion runs
      // over the stack if it is long.
      builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      int status = waitFor(builder.start());
      if (status != 0) {
        throw new IOException("measuring process: expected status 0, got " + status);
      }
      return json.readValue(out.toFile(), Outcome.class);
    } finally {
      delete(folder);
    }
  }

  /** This very Java with its flags and class path. */
  private static List<String> command(int threads, Path in, Path out) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-Dai.djl.pytorch.num_threads=" + threads);
    command.add("-Dai.djl.pytorch.num_interop_threads=1");
    command.addAll(List.of(MeasuringProcess.class.getName(), in.toString(), out.toString()));
    return command;
  }

  private static int waitFor(Process process) throws IOException {
    Thread killer = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      int status = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(killer);
      return status;
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("measuring was interrupted", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
