package io.millrace.benchmarks.topology;

import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.report.Markdown;
import io.millrace.benchmarks.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The tables of {@link Commits}. */
final class CommitTables {
  private static final Set<String> WORDS = Set.of("state", "commits every", "standbys");
  private static final double MEGABYTE = 1e6;

  /** A table with its title and what a reader must know of its columns. */
  record Table(String title, List<String> columns, List<List<String>> rows, List<String> notes) {
    Table {
      columns = List.copyOf(columns);
      rows = List.copyOf(rows);
      notes = List.copyOf(notes);
    }

    List<String> text() {
      List<String> lines = new ArrayList<>(List.of("", title, ""));
      lines.addAll(TextTable.table(columns, WORDS, 1, rows));
      lines.add("");
      lines.addAll(notes);
      return lines;
    }

    List<String> markdown() {
      List<String> lines = new ArrayList<>(List.of("### " + title, ""));
      lines.addAll(Markdown.table(columns, WORDS, rows));
      lines.add("");
      notes.forEach(note -> lines.add("- " + note));
      lines.add("");
      return lines;
    }
  }

  private CommitTables() {}

  static Table throughput(List<CommitCost.Result> results) {
    List<List<String>> rows = new ArrayList<>();
    for (CommitCost.Result result : results) {
      for (CommitCost.Row row : result.rows()) {
        rows.add(
            List.of(
                result.state(),
                String.format(Locale.ROOT, "%,d", result.parameters()),
                interval(row.intervalMs()),
                String.format(Locale.ROOT, "%,.0f", row.imagesPerSecond().median()),
                String.format(
                    Locale.ROOT,
                    "%s%.0f %%",
                    row.reliable() ? "" : "~",
                    100 * row.share().median()),
                String.format(
                    Locale.ROOT, "%.0f - %.0f", 100 * row.share().min(), 100 * row.share().max()),
                range("%.2f", row.commitBytes().times(1 / MEGABYTE)),
                range("%.0f", row.commitMs()),
                String.format(
                    Locale.ROOT, "%.1f, %.1f", row.foreign().median(), row.foreign().max())));
      }
    }
    return new Table(
        "Training with commits",
        List.of(
            "state",
            "parameters",
            "commits every",
            "images/s",
            "share",
            "min - max",
            "MB a commit",
            "ms a commit",
            "others used"),
        rows,
        List.of(
            "share: of the images per second without commits, in rounds that disturbed neither; ~"
                + " where there are none",
            "MB, ms a commit: what it sends to the changelog, and how long training stands still;"
                + " median, most",
            "others used: processors, median and most, the broker's not counted"));
  }

  static Table compaction(List<CommitCost.Result> results) {
    List<List<String>> rows = new ArrayList<>();
    for (CommitCost.Result result : results) {
      for (CommitCost.Row row : result.rows()) {
        rows.add(
            List.of(
                result.state(),
                interval(row.intervalMs()),
                megabytes(2L * Float.BYTES * result.parameters()),
                megabytes(row.written()),
                megabytes(row.disk().most()),
                megabytes(row.disk().last())));
      }
    }
    return new Table(
        "The changelog on the broker's disk, MB",
        List.of("state", "commits every", "state itself", "written", "on disk at most", "at last"),
        rows,
        List.of("the broker compacts segments that are closed (32 MiB), every 15 s at most"));
  }

  static Table restore(FailOver.Restored restored) {
    return new Table(
        "Restoring " + restored.state() + " in a new JVM, its last one stopped",
        List.of("entries", "restored in, ms", "start to first step, ms", "JVM to first step, ms"),
        List.of(
            List.of(
                String.format(Locale.ROOT, "%,d", restored.entries()),
                String.format(Locale.ROOT, "%,d", restored.restoreMs()),
                String.format(Locale.ROOT, "%,d", restored.startToStepMs()),
                String.format(Locale.ROOT, "%,d", restored.jvmToStepMs()))),
        List.of("entries include those of earlier commits that are not compacted yet"));
  }

  static Table failOver(List<FailOver.Taken> taken) {
    return new Table(
        "Fail-over of " + States.FIVE_MILLION.label() + ": kill -9 to the other's next step",
        List.of("standbys", "clients may read, MB/s", "ms", "of which restoring, ms"),
        taken.stream()
            .map(t ->
                List.of(
                    Integer.toString(t.standbys()),
                    t.bytesPerSecond().isPresent()
                        ? Long.toString(t.bytesPerSecond().getAsLong() / 1_000_000)
                        : "any",
                    String.format(Locale.ROOT, "%,d", t.ms()),
                    t.restoreMs() < 0 ? "none" : String.format(Locale.ROOT, "%,d", t.restoreMs())))
            .toList(),
        List.of("the broker notices a death after session.timeout.ms, 6 s by default"));
  }

  private static String interval(long ms) {
    return ms < 1000 ? ms + " ms" : ms / 1000 + " s";
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / MEGABYTE);
  }

  private static String range(String format, Spread spread) {
    return spread.count() == 0
        ? ""
        : String.format(Locale.ROOT, format + ", " + format, spread.median(), spread.max());
  }
}
