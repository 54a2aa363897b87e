package io.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A report for the terminal: context, an aligned table, the checks. */
public final class TextTable {
  private static final Set<String> WORDS = Set.of("network", "engine");

  /** Network, batch and threads. */
  private static final int GROUPED_BY = 3;

  private TextTable() {}

  public static String of(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(Lines.title(report));
    lines.add("");
    lines.addAll(Lines.context(report));
    lines.addAll(Lines.peaks(report));
    lines.add("");
    lines.addAll(table(Lines.COLUMNS, WORDS, GROUPED_BY, Lines.rows(report)));
    lines.addAll(Lines.notes(report));
    lines.add("");
    lines.addAll(Lines.checks(report));
    return String.join(System.lineSeparator(), lines);
  }

  /**
   * Columns as wide as their widest cell.
   *
   * @param words the columns that hold words, which are flush left
   * @param groupedBy the first columns that rows have in common between two empty lines
   */
  public static List<String> table(
      List<String> columns, Set<String> words, int groupedBy, List<List<String>> rows) {
    int[] widths = new int[columns.size()];
    for (int c = 0; c < widths.length; c++) {
      widths[c] = columns.get(c).length();
      for (List<String> row : rows) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    boolean[] left = new boolean[widths.length];
    for (int c = 0; c < widths.length; c++) {
      left[c] = words.contains(columns.get(c));
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns, widths, left));
    List<String> before = List.of();
    for (List<String> row : rows) {
      List<String> group = row.subList(0, groupedBy);
      if (!group.equals(before)) {
        lines.add("");
      }
      before = group;
      lines.add(line(row, widths, left));
    }
    return lines;
  }

  private static String line(List<String> cells, int[] widths, boolean[] left) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < widths.length; c++) {
      String padding = " ".repeat(widths[c] - cells.get(c).length());
      line.append(left[c] ? cells.get(c) + padding : padding + cells.get(c)).append("  ");
    }
    return line.toString().stripTrailing();
  }
}
