package io.millrace.app.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One line of comma-separated fields after RFC 4180, without line breaks inside a field. */
final class CsvLine {
  private CsvLine() {}

  /**
   * Splits a line into its fields.
   *
   * @param file where the line stands, for the message
   * @param number of the line, from 1
   * @throws DataException if a quoted field does not end, or is followed by something else than a
   *     comma
   */
  static List<String> split(String line, Path file, int number) {
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder field = new StringBuilder();
      if (at < line.length() && line.charAt(at) == '"') {
        at = quoted(line, at, field, file, number);
      } else {
        int comma = line.indexOf(',', at);
        int end = comma < 0 ? line.length() : comma;
        field.append(line.substring(at, end).strip());
        at = end;
      }
      fields.add(field.toString());
      if (at == line.length()) {
        return fields;
      }
      at++; // the comma
    }
  }

  /** Reads the field that opens at {@code at}; returns the position behind it. */
  private static int quoted(String line, int at, StringBuilder field, Path file, int number) {
    int next = at + 1;
    while (true) {
      int quote = line.indexOf('"', next);
      if (quote < 0) {
        throw new DataException(
            file
                + ":"
                + number
                + ":"
                + (at + 1)
                + ": expected a closing quote in this line, got its end");
      }
      field.append(line, next, quote);
      int after = quote + 1;
      if (after < line.length() && line.charAt(after) == '"') {
        field.append('"');
        next = after + 1;
      } else if (after == line.length() || line.charAt(after) == ',') {
        return after;
      } else {
        throw new DataException(
            "%s:%d:%d: expected a comma after the closing quote, got '%c'"
                .formatted(file, number, after + 1, line.charAt(after)));
      }
    }
  }
}
