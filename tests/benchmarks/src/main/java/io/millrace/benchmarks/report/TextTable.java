package io.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** A report for the terminal: context, an aligned table, the checks. */
public final class TextTable {
  private TextTable() {}

  public static String of(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(Lines.title(report));
    lines.add("");
    lines.addAll(Lines.context(report));
    lines.addAll(Lines.peaks(report));
    lines.add("");
    lines.addAll(table(Lines.COLUMNS, Lines.rows(report)));
    lines.addAll(Lines.notes(report));
    lines.add("");
    lines.addAll(Lines.checks(report));
    return String.join(System.lineSeparator(), lines);
  }

  /** Columns as wide as their widest cell; those that hold words are flush left. */
  private static List<String> table(List<String> columns, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = columns.get(c).length();
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns, widths));
    String before = "";
    for (List<String> row : rows) {
      String group = String.join("/", row.subList(0, 3));
      if (!group.equals(before)) {
        lines.add("");
      }
      before = group;
      lines.add(line(row, widths));
    }
    return lines;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - cells.get(c).length());
      boolean words =
          Lines.COLUMNS.get(c).equals("network") || Lines.COLUMNS.get(c).equals("engine");
      line.append(words ? cells.get(c) + padding : padding + cells.get(c)).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
