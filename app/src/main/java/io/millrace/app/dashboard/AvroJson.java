package io.millrace.app.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Records as JSON by the names of their schema. */
final class AvroJson {
  private AvroJson() {}

  /** Writes the fields of a record. */
  static void fields(JsonGenerator json, IndexedRecord record) throws IOException {
    for (Schema.Field field : record.getSchema().getFields()) {
      json.writeFieldName(field.name());
      value(json, record.get(field.pos()));
    }
  }

  private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case IndexedRecord record -> {
        json.writeStartObject();
        fields(json, record);
        json.writeEndObject();
      }
      case Collection<?> list -> {
        json.writeStartArray();
        for (Object element : list) {
          value(json, element);
        }
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((key, element) -> sorted.put(String.valueOf(key), element));
        for (Map.Entry<String, Object> entry : sorted.entrySet()) {
          json.writeFieldName(entry.getKey());
          value(json, entry.getValue());
        }
        json.writeEndObject();
      }
      case Long number -> json.writeNumber(number);
      case Integer number -> json.writeNumber(number);
      case Float number when Float.isFinite(number) -> json.writeNumber(number);
      case Double number when Double.isFinite(number) -> json.writeNumber(number);
      case Float _, Double _ -> json.writeNull();
      case Boolean truth -> json.writeBoolean(truth);
      case null -> json.writeNull();
      default -> json.writeString(value.toString());
    }
  }
}
