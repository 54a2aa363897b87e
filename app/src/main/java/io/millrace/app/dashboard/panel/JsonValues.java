package io.millrace.app.dashboard.panel;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.app.dashboard.history.Point;
import io.millrace.app.http.Json;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Values as the page reads them. */
public final class JsonValues {
  /** Digits that a curve or a table can show. */
  private static final int DIGITS = 6;

  private JsonValues() {}

  /** A number of six digits; null where it is none, for which JSON has no word. */
  static void number(JsonGenerator json, double value) throws IOException {
    if (!Double.isFinite(value)) {
      json.writeNull();
    } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      json.writeNumber((long) value);
    } else {
      double scale = Math.pow(10, DIGITS - 1 - Math.floor(Math.log10(Math.abs(value))));
      double rounded = Math.round(value * scale) / scale;
      json.writeNumber(Double.isFinite(rounded) ? rounded : value);
    }
  }

  static void number(JsonGenerator json, String field, double value) throws IOException {
    json.writeFieldName(field);
    number(json, value);
  }

  static void number(JsonGenerator json, String field, Optional<Long> value) throws IOException {
    json.writeFieldName(field);
    if (value.isPresent()) {
      json.writeNumber(value.get());
    } else {
      json.writeNull();
    }
  }

  static void text(JsonGenerator json, String field, Optional<String> value) throws IOException {
    json.writeStringField(field, value.orElse(null));
  }

  static void strings(JsonGenerator json, String field, List<String> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  static void ints(JsonGenerator json, String field, List<Integer> values) throws IOException {
    json.writeArrayFieldStart(field);
    for (int value : values) {
      json.writeNumber(value);
    }
    json.writeEndArray();
  }

  static void ints(JsonGenerator json, String field, int[] values) throws IOException {
    json.writeFieldName(field);
    json.writeArray(values, 0, values.length);
  }

  /** A list of points, each a list of numbers in the order of the fields. */
  static void points(JsonGenerator json, List<Point> points) throws IOException {
    json.writeArrayFieldStart("points");
    for (Point point : points) {
      json.writeStartArray();
      json.writeNumber(point.timeMs());
      json.writeNumber(point.step());
      json.writeNumber(point.images());
      number(json, point.windowLoss());
      number(json, point.windowAccuracy());
      number(json, point.loss());
      number(json, point.accuracy());
      number(json, point.learningRate());
      number(json, point.gradientNorm());
      number(json, point.imagesPerSecond());
      number(json, point.lag());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** The answer to a question for the past. */
  public static byte[] history(long seconds, List<Point> points) {
    return Json.object(json -> {
      json.writeNumberField("seconds", seconds);
      points(json, points);
    });
  }
}
