package io.millrace.schemas;

import org.apache.avro.Schema;

/**
 * One version of a record's schema, as committed.
 *
 * @param record the record's simple name, such as {@code LabeledImage}
 * @param version counted from 1
 * @param fingerprint CRC-64-AVRO of the schema's parsing canonical form
 */
public record SchemaVersion(String record, int version, long fingerprint, Schema schema) {
  /** The fingerprint as 16 hexadecimal digits, most significant first. */
  public String fingerprintHex() {
    return hex(fingerprint);
  }

  static String hex(long fingerprint) {
    return String.format("%016x", fingerprint);
  }
}
