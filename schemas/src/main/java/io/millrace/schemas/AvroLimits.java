package io.millrace.schemas;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a record may hold at most.
 *
 * <p>{@link #maxBytes} bounds each record by its type, wherever Millrace is used: Avro refuses a
 * length that exceeds the bytes that are left, so memory is bounded by the record's size. {@link
 * #set} is the second line, for programs of Millrace's own: Avro's limits are the process's, and a
 * library must not set them for the program that it is part of.
 */
public final class AvroLimits {
  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  /** Images and what is kept of them, and the state of a metrics window. */
  static final int LARGEST_RECORD_BYTES = 16 * MIB;

  /** No text is longer than a manifest, the largest record that is all text. */
  private static final int LONGEST_STRING_BYTES = MIB;

  /** A prediction has a number for each of up to a million classes; no other list is longer. */
  private static final int MOST_ITEMS = MIB;

  private static final String PREFIX = "org.apache.avro.limits.";

  private static final Map<String, Integer> PROPERTIES =
      new TreeMap<>(
          Map.of(
              PREFIX + "bytes.maxLength", LARGEST_RECORD_BYTES,
              PREFIX + "string.maxLength", LONGEST_STRING_BYTES,
              PREFIX + "collectionItems.maxLength", MOST_ITEMS,
              PREFIX + "collectionItems.maxAllocation", MOST_ITEMS,
              // No record is compressed by Avro, so that nothing should ever be unpacked.
              PREFIX + "decompress.maxLength", LARGEST_RECORD_BYTES));

  private AvroLimits() {}

  /**
   * Sets Avro's own limits for this process, but for those that the user has set. To be called
   * before anything else: Avro reads them when it is first used.
   */
  public static void set() {
    PROPERTIES.forEach((name, limit) -> {
      if (System.getProperty(name) == null) {
        System.setProperty(name, Integer.toString(limit));
      }
    });
  }

  /** The bytes that a record of this type may take, header included. */
  static int maxBytes(String record) {
    return switch (record) {
      case "SnapshotManifest" -> MIB; // the broker's own limit
      case "SnapshotTensor" -> TensorBytes.CHUNK_BYTES + 4 * KIB; // a chunk and its names
      case "TrainingMetrics", "LayerStatistics" -> MIB;
      // Images, a window of metrics, a prediction's number for each of a million classes.
      default -> LARGEST_RECORD_BYTES;
    };
  }
}
