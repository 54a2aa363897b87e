package io.millrace.app.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Rows of text in columns as wide as their widest cell. */
final class Columns {
  private static final String GAP = "  ";

  private final Set<Integer> toTheRight;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param toTheRight the columns, from 0 on, that end in one line instead of beginning so
   */
  Columns(Set<Integer> toTheRight) {
    this.toTheRight = Set.copyOf(toTheRight);
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        String padding = " ".repeat(width(column) - cell.length());
        line.append(column == 0 ? "" : GAP);
        line.append(toTheRight.contains(column) ? padding + cell : cell + padding);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
