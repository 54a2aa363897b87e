package io.millrace.schemas;

import org.apache.avro.Schema;

/** Schemas that exist for tests alone. */
final class TestSchemas {
  static final String ENCODING =
      "{\"name\":\"encoding\",\"type\":{\"type\":\"enum\",\"name\":\"ImageEncoding\","
          + "\"symbols\":[\"UNKNOWN\",\"RAW\",\"PNG\",\"JPEG\"],\"default\":\"UNKNOWN\"}}";

  private TestSchemas() {}

  /** A record {@code io.millrace.LabeledImage} with the given JSON array of fields. */
  static String record(String fields) {
    return "{\"type\":\"record\",\"name\":\"LabeledImage\",\"namespace\":\"io.millrace\",\"fields\":"
        + fields
        + "}";
  }

  /** A later LabeledImage: one more encoding, and a weight that is 1 where it is not given. */
  static Schema newerImage() {
    return new Schema.Parser()
        .parse(
            record(
                "[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"label\",\"type\":\"int\"},"
                    + "{\"name\":\"eventTimeMs\",\"type\":[\"null\",\"long\"],\"default\":null},"
                    + ENCODING.replace("\"JPEG\"", "\"JPEG\",\"WEBP\"")
                    + ",{\"name\":\"channels\",\"type\":\"int\",\"default\":0},"
                    + "{\"name\":\"height\",\"type\":\"int\",\"default\":0},"
                    + "{\"name\":\"width\",\"type\":\"int\",\"default\":0},"
                    + "{\"name\":\"weight\",\"type\":\"double\",\"default\":1.0},"
                    + "{\"name\":\"data\",\"type\":\"bytes\"}]"));
  }
}
