package io.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A report as Markdown, to be put into a document as it is. */
public final class Markdown {
  private Markdown() {}

  public static String of(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("### " + Lines.title(report));
    lines.add("");
    Lines.context(report).forEach(line -> lines.add("- " + line));
    Lines.peaks(report).forEach(line -> lines.add("- " + line));
    lines.add("");
    lines.addAll(table(Lines.COLUMNS, Set.of("network", "engine"), Lines.rows(report)));
    lines.add("");
    Lines.notes(report).forEach(note -> lines.addAll(List.of(note, "")));
    lines.add("Checked:");
    lines.add("");
    Lines.checks(report).forEach(line -> lines.add("- " + line));
    return String.join("\n", lines) + "\n";
  }

  /**
   * A table.
   *
   * @param words the columns that hold words, which are flush left
   */
  public static List<String> table(
      List<String> columns, Set<String> words, List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(row(columns));
    lines.add(row(columns.stream().map(c -> words.contains(c) ? ":--" : "--:").toList()));
    rows.forEach(cells -> lines.add(row(cells)));
    return lines;
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
