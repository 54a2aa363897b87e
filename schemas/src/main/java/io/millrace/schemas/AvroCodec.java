package io.millrace.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One record type to bytes and back, in Avro's single-object encoding: C3 01, the writer schema's
 * CRC-64-AVRO fingerprint in 8 bytes little-endian, then the record in Avro's binary encoding.
 *
 * <p>The fingerprint selects the writer's schema from the {@linkplain SchemaHistory bundled} ones,
 * so records of every released version can be read; a schema never comes over the wire. Memory is
 * bounded by the record's own size, which is bounded by {@link #withMaxBytes}: whatever a length in
 * it claims, nothing is allocated for bytes that are not there. Thread-safe.
 *
 * @param <T> a generated record of {@code io.millrace}
 */
public final class AvroCodec<T extends SpecificRecord> {
  /** Bytes before the record itself. */
  public static final int HEADER_BYTES = 10;

  /** What a record may take at most, if its type has no lower limit: 16 MiB. */
  public static final int LARGEST_RECORD_BYTES = AvroLimits.LARGEST_RECORD_BYTES;

  private static final byte MARKER_0 = (byte) 0xC3;
  private static final byte MARKER_1 = 0x01;

  private final Schema schema;
  private final long fingerprint;
  private final int maxBytes;
  private final MillraceData data;
  private final Map<Long, SpecificDatumReader<T>> readers;

  private AvroCodec(
      Schema schema, int maxBytes, MillraceData data, Map<Long, SpecificDatumReader<T>> readers) {
    this.schema = schema;
    this.fingerprint = SchemaHistory.fingerprint(schema);
    this.maxBytes = maxBytes;
    this.data = data;
    this.readers = readers;
  }

  /** The codec of a generated record; making one parses schemas, so keep it. */
  public static <T extends SpecificRecord> AvroCodec<T> of(Class<T> type) {
    return of(
        type, SchemaHistory.of(type.getSimpleName()).stream().map(SchemaVersion::schema).toList());
  }

  /** A codec that reads the given writer schemas beside the record's current one. */
  static <T extends SpecificRecord> AvroCodec<T> of(Class<T> type, List<Schema> writers) {
    MillraceData data = new MillraceData();
    Schema schema = data.getSchema(type);
    Map<Long, SpecificDatumReader<T>> readers = new HashMap<>();
    for (Schema writer : writers) {
      readers.put(
          SchemaHistory.fingerprint(writer), new SpecificDatumReader<>(writer, schema, data));
    }
    readers.put(SchemaHistory.fingerprint(schema), new SpecificDatumReader<>(schema, schema, data));
    return new AvroCodec<>(
        schema, AvroLimits.maxBytes(schema.getName()), data, Map.copyOf(readers));
  }

  /** The same codec with another limit on what {@link #decode} accepts, header included. */
  public AvroCodec<T> withMaxBytes(int limit) {
    if (limit <= HEADER_BYTES) {
      throw new IllegalArgumentException(
          name() + ": expected a limit above " + HEADER_BYTES + " bytes, got " + limit);
    }
    return new AvroCodec<>(schema, limit, data, readers);
  }

  /**
   * The record in bytes.
   *
   * @throws IllegalArgumentException if a field that must be set is not
   */
  public byte[] encode(T record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    out.writeBytes(
        ByteBuffer.allocate(HEADER_BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MARKER_0)
            .put(MARKER_1)
            .putLong(fingerprint)
            .array());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      new SpecificDatumWriter<T>(schema, data).write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    } catch (NullPointerException | ClassCastException e) {
      throw new IllegalArgumentException(
          name() + ": cannot be encoded: " + e.getMessage() + "; set every field", e);
    }
    return out.toByteArray();
  }

  /**
   * The record in {@code bytes}, which must hold it and nothing more.
   *
   * @param bytes a record's value; null, as Kafka hands out for a value that is not there, counts
   *     as empty
   * @throws InvalidRecordException if it is anything else
   */
  public T decode(byte @Nullable [] bytes) {
    if (bytes == null || bytes.length == 0) {
      throw new InvalidRecordException(
          DeadLetterReason.EMPTY_RECORD, name() + ": expected a record, got no bytes");
    }
    if (bytes.length > maxBytes) {
      throw new InvalidRecordException(
          DeadLetterReason.TOO_LARGE,
          name() + ": expected at most " + maxBytes + " bytes, got " + bytes.length);
    }
    SpecificDatumReader<T> reader = reader(bytes);
    BinaryDecoder decoder =
        DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
    T record;
    boolean end;
    try {
      record = reader.read(null, decoder);
      end = decoder.isEnd();
    } catch (IOException | RuntimeException e) {
      // Avro answers malformed bytes with whatever its parser runs into, up to an index out of
      // bounds; none of it may end the stream.
      throw new InvalidRecordException(
          DeadLetterReason.UNREADABLE_RECORD,
          name() + ": torn or malformed after " + bytes.length + " bytes: " + describe(e),
          e);
    }
    if (!end) {
      throw unreadable("expected nothing after the record, got trailing bytes");
    }
    return record;
  }

  private SpecificDatumReader<T> reader(byte[] bytes) {
    if (bytes[0] != MARKER_0 || (bytes.length > 1 && bytes[1] != MARKER_1)) {
      throw unreadable(
          String.format(
              "expected Avro single-object encoding (C3 01 ...), got %02X%s",
              bytes[0], bytes.length > 1 ? String.format(" %02X", bytes[1]) : ""));
    }
    if (bytes.length < HEADER_BYTES) {
      throw unreadable(
          "torn: expected a header of " + HEADER_BYTES + " bytes, got " + bytes.length);
    }
    long writer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2);
    SpecificDatumReader<T> reader = readers.get(writer);
    if (reader == null) {
      throw unreadable(
          "unknown schema fingerprint "
              + SchemaVersion.hex(writer)
              + "; it is another record's, or a newer version of Millrace wrote it: upgrade this"
              + " reader");
    }
    return reader;
  }

  private InvalidRecordException unreadable(String problem) {
    return new InvalidRecordException(DeadLetterReason.UNREADABLE_RECORD, name() + ": " + problem);
  }

  private String name() {
    return schema.getName();
  }

  private static String describe(Exception e) {
    return e.getMessage() == null
        ? e.getClass().getSimpleName()
        : e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
