package io.millrace.schemas;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Avro's data model narrowed to the records of this library.
 *
 * <p>Avro by itself makes an object only of a class that the system property {@code
 * org.apache.avro.SERIALIZABLE_PACKAGES} lists when Avro is first used. A library cannot set that
 * for its user, and need not: here a schema's name leads to a generated class of {@code
 * io.millrace} and to nothing else, whatever the property says and whoever used Avro before.
 */
final class MillraceData extends SpecificData {
  static final String NAMESPACE = "io.millrace";

  private final ConcurrentMap<String, Class<?>> classes = new ConcurrentHashMap<>();

  MillraceData() {
    super(MillraceData.class.getClassLoader());
    // The generated decoders allocate arrays of the length that the bytes claim; Avro's fast reader
    // is another path through the same checks. One path is enough.
    setCustomCoders(false);
    setFastReaderEnabled(false);
  }

  @Override
  @SuppressWarnings("rawtypes")
  public @Nullable Class getClass(Schema schema) {
    return switch (schema.getType()) {
      case RECORD, ENUM, FIXED ->
          NAMESPACE.equals(schema.getNamespace())
              ? classes.computeIfAbsent(schema.getFullName(), MillraceData::generated)
              : null;
      default -> super.getClass(schema);
    };
  }

  private static Class<?> generated(String name) {
    try {
      return Class.forName(name, false, MillraceData.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(name + ": bundled schema without its generated class", e);
    }
  }
}
