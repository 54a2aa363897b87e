package io.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

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
    lines.add(row(Lines.COLUMNS));
    lines.add(row(alignment()));
    Lines.rows(report).forEach(cells -> lines.add(row(cells)));
    lines.add("");
    Lines.notes(report).forEach(note -> lines.addAll(List.of(note, "")));
    lines.add("Checked:");
    lines.add("");
    Lines.checks(report).forEach(line -> lines.add("- " + line));
    return String.join("\n", lines) + "\n";
  }

  private static List<String> alignment() {
    List<String> cells = new ArrayList<>(Collections.nCopies(Lines.COLUMNS.size(), "--:"));
    cells.set(Lines.COLUMNS.indexOf("network"), ":--");
    cells.set(Lines.COLUMNS.indexOf("engine"), ":--");
    return cells;
  }

  private static String row(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }
}
