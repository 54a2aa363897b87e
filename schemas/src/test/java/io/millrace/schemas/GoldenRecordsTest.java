package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bytes that a released version wrote must be read for ever. For each schema version one record is
 * committed under {@code src/test/resources}, never to be regenerated. After a new version has
 * joined the history, this writes its file, and leaves those that are there alone:
 *
 * <pre>./mvnw test -pl schemas -Dtest=GoldenRecordsTest -Dmillrace.golden.write=true</pre>
 */
class GoldenRecordsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/millrace/schemas/golden").toAbsolutePath();

  static List<SchemaVersion> versions() {
    return SchemaHistory.all();
  }

  private static Path file(SchemaVersion version) {
    return FOLDER.resolve(version.record() + "-v" + version.version() + ".bin");
  }

  private static SpecificRecord sample(SchemaVersion version) {
    return Objects.requireNonNull(Samples.all().get(version.record()), version.record());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void goldenRecordIsOfItsVersionAndIsRead(SchemaVersion version) throws IOException {
    if (Boolean.getBoolean("millrace.golden.write") && !Files.exists(file(version))) {
      Files.createDirectories(FOLDER);
      Files.write(file(version), encode(sample(version)), StandardOpenOption.CREATE_NEW);
    }
    assertTrue(Files.exists(file(version)), file(version) + " is missing; see this test's Javadoc");
    byte[] golden = Files.readAllBytes(file(version));
    assertEquals(
        version.fingerprint(), ByteBuffer.wrap(golden).order(ByteOrder.LITTLE_ENDIAN).getLong(2));
    SpecificRecord read = codec(sample(version)).decode(golden);
    if (version.equals(SchemaHistory.of(version.record()).getLast())) {
      assertEquals(sample(version), read);
      assertArrayEquals(golden, encode(sample(version)));
    }
  }

  private static byte[] encode(SpecificRecord record) {
    return codec(record).encode(record);
  }

  @SuppressWarnings("unchecked")
  private static AvroCodec<SpecificRecord> codec(SpecificRecord record) {
    return AvroCodec.of((Class<SpecificRecord>) record.getClass());
  }
}
