package io.millrace.benchmarks.report;

import io.millrace.benchmarks.measure.FmaPeak;
import io.millrace.benchmarks.measure.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What text and Markdown have in common: the context's lines and the cells of the tables. */
final class Lines {
  static final List<String> COLUMNS =
      List.of(
          "network",
          "batch",
          "threads",
          "engine",
          "images/s",
          "min - max",
          "GFLOP/s",
          "of FMA peak",
          "Millrace is",
          "min - max",
          "CPU used",
          "disturbed");

  private Lines() {}

  static String title(Report report) {
    return report.kind().equals("training")
        ? "Training step: forward, loss, backward, weight decay, momentum, update"
        : "Inference: images to scores";
  }

  /** The machine and the method, one fact a line. */
  static List<String> context(Report report) {
    Context context = report.context();
    List<String> engines = new ArrayList<>();
    context.engines().forEach((engine, version) -> engines.add(engine + " " + version));
    return List.of(
        "date: " + context.date() + ", Millrace's commit: " + context.commit(),
        "processor: "
            + context.processor()
            + ", "
            + context.cores()
            + (context.cores() == 1 ? " core, " : " cores, ")
            + context.system(),
        "JVM: "
            + context.jdk()
            + "; vectors: "
            + context.vectorBits()
            + " bits; kernels: "
            + context.kernels(),
        "engines: " + String.join(", ", engines),
        "images: " + report.images(),
        String.format(
            Locale.ROOT,
            "windows: %d rounds of %d ms in turn, the first %d thrown away",
            report.effort().rounds(),
            report.effort().windowMs(),
            report.effort().warmUpRounds()));
  }

  /** The machine's peaks, one a line. */
  static List<String> peaks(Report report) {
    List<String> lines = new ArrayList<>();
    for (FmaPeak.Peak peak : report.peaks()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "FMA peak, %d bits, %d %s: %.1f GFLOP/s",
              peak.vectorBits(),
              peak.threads(),
              peak.threads() == 1 ? "thread" : "threads",
              peak.gflops()));
    }
    return lines;
  }

  /** One row for each engine of each case. */
  static List<List<String>> rows(Report report) {
    List<List<String>> rows = new ArrayList<>();
    for (CaseResult result : report.cases()) {
      for (EngineResult engine : result.engines()) {
        rows.add(row(report, result, engine));
      }
    }
    return rows;
  }

  private static List<String> row(Report report, CaseResult result, EngineResult engine) {
    boolean peer = !engine.equals(result.engines().getFirst());
    Spread speed = engine.imagesPerSecond();
    Spread ratio = engine.millraceRatio();
    double gflops = result.gflops(engine);
    return List.of(
        result.network(),
        String.format(Locale.ROOT, "%d", result.batch()),
        String.format(Locale.ROOT, "%d", result.threads()),
        engine.engine(),
        String.format(Locale.ROOT, "%,.0f", speed.median()),
        String.format(Locale.ROOT, "%,.0f - %,.0f", speed.min(), speed.max()),
        String.format(Locale.ROOT, "%.1f", gflops),
        String.format(Locale.ROOT, "%.0f %%", 100 * gflops / report.peak(result.threads())),
        peer ? ratio(engine) : "",
        peer && engine.reliable()
            ? String.format(Locale.ROOT, "%.2f - %.2f", ratio.min(), ratio.max())
            : "",
        String.format(Locale.ROOT, "%.0f %%", 100 * engine.cpuShare()),
        String.format(Locale.ROOT, "%d of %d", engine.disturbed(), engine.windows()));
  }

  private static String ratio(EngineResult engine) {
    return engine.reliable()
        ? String.format(Locale.ROOT, "%.2f x", engine.millraceRatio().median())
        : "disturbed";
  }

  /** What a reader must know of the rows: one line, or none. */
  static List<String> notes(Report report) {
    boolean unreliable =
        report.cases().stream()
            .flatMap(result -> result.engines().stream())
            .anyMatch(engine -> !engine.reliable());
    return unreliable
        ? List.of(
            "disturbed: other programs wanted the processors in every round; measure again on a"
                + " quiet machine.")
        : List.of();
  }

  /** What was checked, one line for each engine of each case, failures included. */
  static List<String> checks(Report report) {
    List<String> lines = new ArrayList<>();
    for (CaseResult result : report.cases()) {
      String where =
          String.format(
              Locale.ROOT,
              "%s, batch %d, threads %d, ",
              result.network(),
              result.batch(),
              result.threads());
      for (EngineResult engine : result.engines()) {
        lines.add(where + engine.engine() + ": " + engine.check());
      }
      result.failures().forEach(failure -> lines.add("FAILED " + where + failure));
    }
    return lines;
  }
}
