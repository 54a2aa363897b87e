package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchemaHistoryTest {
  private static final Path SOURCES = Path.of("src/main/avro");
  private static final Path HISTORY = Path.of("src/main/resources/io/millrace/schemas/history");

  static List<String> records() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.map(f -> f.getFileName().toString().replace(".avsc", "")).sorted().toList();
    }
  }

  private static Schema current(String record) throws IOException {
    return new Schema.Parser().parse(Files.readString(SOURCES.resolve(record + ".avsc")));
  }

  @ParameterizedTest
  @MethodSource("records")
  void newestVersionIsTheCurrentSchema(String record) throws IOException {
    List<SchemaVersion> versions = SchemaHistory.of(record);
    int next = versions.size() + 1;
    Schema schema = current(record);
    assertTrue(
        !versions.isEmpty() && versions.getLast().schema().equals(schema),
        () ->
            String.format(
                "src/main/avro/%1$s.avsc is not the newest version in the history. Released schemas"
                    + " are never edited: copy it to history/%1$s/v%2$d.avsc and add the line"
                    + " '%1$s %2$d %3$016x' to history/index.txt",
                record, next, SchemaHistory.fingerprint(schema)));
  }

  @ParameterizedTest
  @MethodSource("records")
  void versionsAreNumberedFromOneAndDifferOnTheWire(String record) {
    List<SchemaVersion> versions = SchemaHistory.of(record);
    Set<Long> fingerprints = new HashSet<>();
    for (int i = 0; i < versions.size(); i++) {
      assertEquals(i + 1, versions.get(i).version());
      assertTrue(
          fingerprints.add(versions.get(i).fingerprint()),
          record
              + " v"
              + (i + 1)
              + " has an earlier version's fingerprint: defaults and documentation do not reach the"
              + " wire and need no version of their own");
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void currentReadsEveryVersionAndEveryVersionReadsCurrent(String record) throws IOException {
    Schema current = current(record);
    for (SchemaVersion version : SchemaHistory.of(record)) {
      requireReads(current, version.schema(), record + " current reads v" + version.version());
      requireReads(version.schema(), current, record + " v" + version.version() + " reads current");
    }
  }

  private static void requireReads(Schema reader, Schema writer, String what) {
    SchemaPairCompatibility pair =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    assertEquals(
        SchemaCompatibilityType.COMPATIBLE,
        pair.getType(),
        () -> what + ": " + pair.getResult().getIncompatibilities());
  }

  @Test
  void compatibilityCheckRefusesAFieldWithoutDefault() {
    Schema old = new Schema.Parser().parse(TestSchemas.record("[]"));
    Schema changed =
        new Schema.Parser().parse(TestSchemas.record("[{\"name\":\"a\",\"type\":\"int\"}]"));
    assertEquals(
        SchemaCompatibilityType.INCOMPATIBLE,
        SchemaCompatibility.checkReaderWriterCompatibility(changed, old).getType());
  }

  @Test
  void indexListsExactlyTheFilesThatAreThere() throws IOException {
    Set<String> listed =
        SchemaHistory.all().stream()
            .map(v -> v.record() + "/v" + v.version() + ".avsc")
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> files = Files.walk(HISTORY)) {
      Set<String> present =
          files
              .filter(f -> f.toString().endsWith(".avsc"))
              .map(f -> HISTORY.relativize(f).toString().replace('\\', '/'))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(present, listed);
    }
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyFieldIsDocumented(String record) throws IOException {
    requireDocumented(current(record), new HashSet<>());
  }

  private static void requireDocumented(Schema schema, Set<String> seen) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          assertTrue(schema.getDoc() != null, schema.getFullName());
          for (Schema.Field field : schema.getFields()) {
            assertTrue(field.doc() != null, schema.getFullName() + "." + field.name());
            requireDocumented(field.schema(), seen);
          }
        }
      }
      case ARRAY -> requireDocumented(schema.getElementType(), seen);
      case MAP -> requireDocumented(schema.getValueType(), seen);
      case UNION -> schema.getTypes().forEach(type -> requireDocumented(type, seen));
      default -> assertTrue(!schema.getType().equals(Schema.Type.ENUM) || schema.getDoc() != null);
    }
  }

  @Test
  void checksumStaysTheLastFieldOfTheManifest() {
    for (SchemaVersion version : SchemaHistory.of("SnapshotManifest")) {
      Schema.Field last = version.schema().getFields().getLast();
      assertEquals("checksum", last.name());
      assertEquals(Schema.Type.STRING, last.schema().getType());
    }
  }
}
