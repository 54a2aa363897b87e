package io.millrace.app.json;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One event as a line of JSON; its first field says which. Fields keep their names for good. */
public final class JsonLine {

  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

  private JsonLine(String event) {
    fields.put("event", event);
  }

  public static JsonLine event(String name) {
    return new JsonLine(name);
  }

  /** Adds a field: a text, number, truth value, list, map or null. */
  public JsonLine with(String name, @Nullable Object value) {
    fields.put(name, value);
    return this;
  }

  public String text() {
    return JsonText.line(fields);
  }

  /** Prints the line at once. */
  public void print(PrintWriter out) {
    out.println(text());
    out.flush();
  }
}
