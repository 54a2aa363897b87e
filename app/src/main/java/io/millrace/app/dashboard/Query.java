package io.millrace.app.dashboard;

import com.sun.net.httpserver.HttpExchange;
import io.millrace.app.http.HttpProblem;
import java.util.HashMap;
import java.util.Map;

/** The part of an address behind the question mark: names and plain values. */
final class Query {
  private static final int BAD_REQUEST = 400;

  private final Map<String, String> values = new HashMap<>();

  private Query(String query) {
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
  }

  static Query of(HttpExchange exchange) {
    String query = exchange.getRequestURI().getQuery();
    return new Query(query == null ? "" : query);
  }

  /** Whether a value is given as 1. */
  boolean isSet(String name) {
    return "1".equals(values.get(name));
  }

  /**
   * A whole number.
   *
   * @throws HttpProblem if it is none, or not from {@code low} to {@code high}
   */
  long number(String name, long otherwise, long low, long high) throws HttpProblem {
    String text = values.get(name);
    return text == null ? otherwise : number(name, text, low, high);
  }

  /** The same for a text from elsewhere. */
  static long number(String name, String text, long low, long high) throws HttpProblem {
    // Eighteen digits fit into a long.
    if (text.matches("[0-9]{1,18}")) {
      long number = Long.parseLong(text);
      if (number >= low && number <= high) {
        return number;
      }
    }
    String got = text.length() > 40 ? text.substring(0, 40) + "..." : text;
    throw new HttpProblem(
        BAD_REQUEST,
        name + ": expected a whole number from " + low + " to " + high + ", got '" + got + "'");
  }
}
