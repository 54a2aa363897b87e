package io.millrace.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Every schema that was ever released, bundled with the library: what may stand behind a
 * fingerprint. A released schema is never edited; a change is a new version beside it, listed in
 * {@code history/index.txt} as {@code record version fingerprint}.
 */
public final class SchemaHistory {
  private static final String FOLDER = "history/";

  private SchemaHistory() {}

  /** All versions of all records, in the order of the index. */
  public static List<SchemaVersion> all() {
    return Bundled.VERSIONS;
  }

  /** The versions of one record, oldest first; none for a record without history. */
  public static List<SchemaVersion> of(String record) {
    return all().stream().filter(version -> version.record().equals(record)).toList();
  }

  /** CRC-64-AVRO of the schema's parsing canonical form. */
  public static long fingerprint(Schema schema) {
    return SchemaNormalization.parsingFingerprint64(schema);
  }

  private static final class Bundled {
    static final List<SchemaVersion> VERSIONS = load();
  }

  private static List<SchemaVersion> load() {
    List<SchemaVersion> versions = new ArrayList<>();
    for (String line : read("index.txt").lines().toList()) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(" ", -1);
      if (parts.length != 3) {
        throw new IllegalStateException(
            "history/index.txt: expected 'record version fingerprint', got '" + line + "'");
      }
      versions.add(version(parts[0], Integer.parseInt(parts[1]), parts[2]));
    }
    return List.copyOf(versions);
  }

  private static SchemaVersion version(String record, int number, String expected) {
    String path = record + "/v" + number + ".avsc";
    Schema schema = new Schema.Parser().parse(read(path));
    SchemaVersion version = new SchemaVersion(record, number, fingerprint(schema), schema);
    if (!version.fingerprintHex().equals(expected)) {
      throw new IllegalStateException(
          "history/"
              + path
              + ": expected fingerprint "
              + expected
              + ", got "
              + version.fingerprintHex()
              + "; a released schema must not change: restore it and add a new version");
    }
    return version;
  }

  private static String read(String path) {
    try (InputStream in = SchemaHistory.class.getResourceAsStream(FOLDER + path)) {
      if (in == null) {
        throw new IllegalStateException(
            "history/" + path + ": missing beside " + SchemaHistory.class.getName());
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("history/" + path + ": cannot be read", e);
    }
  }
}
