package io.millrace.app.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Values as JSON (RFC 8259): maps, lists, texts, numbers, truth values and null. */
public final class JsonText {
  private static final String INDENT = "  ";

  private JsonText() {}

  /**
   * The text of a value, indented. A number that is not finite becomes a text.
   *
   * @throws IllegalArgumentException for a value of another type
   */
  public static String text(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    write(value, "\n", text);
    return text.toString();
  }

  /**
   * The text of a value in one line, for events that follow one another.
   *
   * @throws IllegalArgumentException for a value of another type
   */
  public static String line(@Nullable Object value) {
    StringBuilder text = new StringBuilder();
    write(value, "", text);
    return text.toString();
  }

  /** A record as a map by the names of its schema, records within it as well. */
  public static Map<String, @Nullable Object> map(IndexedRecord record) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Schema.Field field : record.getSchema().getFields()) {
      map.put(field.name(), plain(record.get(field.pos())));
    }
    return map;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case IndexedRecord record -> map(record);
      case Collection<?> values -> {
        List<@Nullable Object> list = new ArrayList<>();
        values.forEach(element -> list.add(plain(element)));
        yield list;
      }
      case Enum<?> constant -> constant.name();
      case null, default -> value;
    };
  }

  private static void write(@Nullable Object value, String line, StringBuilder text) {
    switch (value) {
      case Map<?, ?> map -> writeMap(map, line, text);
      case Collection<?> list -> writeList(list, line, text);
      case Double number when !Double.isFinite(number) -> quote(number.toString(), text);
      case Float number when !Float.isFinite(number) -> quote(number.toString(), text);
      case Number number -> text.append(number);
      case Boolean truth -> text.append(truth);
      case CharSequence characters -> quote(characters, text);
      case null -> text.append("null");
      default ->
          throw new IllegalArgumentException(
              "JSON: expected a map, list, text, number or truth value, got " + value.getClass());
    }
  }

  private static void writeMap(Map<?, ?> map, String line, StringBuilder text) {
    text.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(separator).append(deeper(line));
      quote(String.valueOf(entry.getKey()), text);
      text.append(line.isEmpty() ? ":" : ": ");
      write(entry.getValue(), deeper(line), text);
      separator = ",";
    }
    text.append(map.isEmpty() ? "}" : line + "}");
  }

  private static void writeList(Collection<?> list, String line, StringBuilder text) {
    // Shapes and names are easier to read in one line.
    boolean inOneLine = list.stream().noneMatch(JsonText::isNested);
    text.append('[');
    String separator = "";
    for (Object element : list) {
      text.append(separator).append(inOneLine ? "" : deeper(line));
      write(element, deeper(line), text);
      separator = inOneLine && !line.isEmpty() ? ", " : ",";
    }
    text.append(inOneLine ? "]" : line + "]");
  }

  /** The line break in front of what is within; none where all is in one line. */
  private static String deeper(String line) {
    return line.isEmpty() ? "" : line + INDENT;
  }

  private static boolean isNested(@Nullable Object value) {
    return value instanceof Map || value instanceof Collection;
  }

  private static void quote(CharSequence characters, StringBuilder text) {
    text.append('"');
    for (int i = 0; i < characters.length(); i++) {
      char c = characters.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
  }
}
