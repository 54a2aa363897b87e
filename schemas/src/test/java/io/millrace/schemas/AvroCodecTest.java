package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.SnapshotManifest;
import io.millrace.TrainingMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroCodecTest {
  private static final AvroCodec<LabeledImage> IMAGES = AvroCodec.of(LabeledImage.class);

  static List<SpecificRecord> samples() {
    return List.copyOf(Samples.all().values());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyRecordComesBackEqual(SpecificRecord sample) {
    requireRoundTrip(sample);
  }

  private static <T extends SpecificRecord> void requireRoundTrip(T sample) {
    @SuppressWarnings("unchecked")
    AvroCodec<T> codec = AvroCodec.of((Class<T>) sample.getClass());
    assertEquals(sample, codec.decode(codec.encode(sample)));
  }

  @Test
  void encodingIsAvrosOwnSingleObjectEncoding() throws IOException {
    ByteBuffer expected =
        new BinaryMessageEncoder<LabeledImage>(SpecificData.get(), LabeledImage.getClassSchema())
            .encode(Samples.image());
    assertArrayEquals(TensorBytes.array(expected), IMAGES.encode(Samples.image()));
  }

  @Test
  void headerIsMarkerAndFingerprintInLittleEndian() {
    byte[] header = Arrays.copyOf(IMAGES.encode(Samples.image()), 10);
    assertEquals("c30173a1aacd54b3901e", HexFormat.of().formatHex(header));
  }

  @Test
  void absentOptionalFieldsAreEmptyOptionals() {
    LabeledImage image = Samples.image();
    image.setEventTimeMs(null);
    assertEquals(Optional.empty(), IMAGES.decode(IMAGES.encode(image)).getEventTimeMs());
  }

  @Test
  void encodingNamesTheRecordWhoseFieldIsNotSet() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> IMAGES.encode(new LabeledImage()));
    assertTrue(String.valueOf(e.getMessage()).startsWith("LabeledImage: "), e.getMessage());
  }

  @Test
  void nothingIsAnEmptyRecord() {
    requireInvalid(new byte[0], DeadLetterReason.EMPTY_RECORD, "no bytes");
    assertEquals(
        DeadLetterReason.EMPTY_RECORD,
        assertThrows(InvalidRecordException.class, () -> IMAGES.decode(null)).reason());
  }

  @Test
  void everyTornRecordIsUnreadable() {
    byte[] bytes = IMAGES.encode(Samples.image());
    for (int length = 1; length < bytes.length; length++) {
      requireInvalid(Arrays.copyOf(bytes, length), DeadLetterReason.UNREADABLE_RECORD, "torn");
    }
  }

  @Test
  void trailingBytesAreUnreadable() {
    byte[] bytes = IMAGES.encode(Samples.image());
    requireInvalid(
        Arrays.copyOf(bytes, bytes.length + 1), DeadLetterReason.UNREADABLE_RECORD, "trailing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"89504e470d0a1a0a0000", "c3", "c3020000000000000000", "7b226964223a2237"})
  void foreignFormatIsUnreadable(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    requireInvalid(bytes, DeadLetterReason.UNREADABLE_RECORD, "LabeledImage: ");
  }

  @Test
  void unknownFingerprintSaysToUpgrade() {
    byte[] bytes = IMAGES.encode(Samples.image());
    bytes[9] ^= 1;
    requireInvalid(
        bytes,
        DeadLetterReason.UNREADABLE_RECORD,
        "unknown schema fingerprint 1f90b354cdaaa173; it is another record's, or a newer version");
  }

  @Test
  void anotherRecordIsRefused() {
    byte[] bytes = AvroCodec.of(TrainingMetrics.class).encode(Samples.metrics());
    requireInvalid(bytes, DeadLetterReason.UNREADABLE_RECORD, "unknown schema fingerprint");
  }

  @Test
  void tooManyBytesAreRefusedBeforeTheyAreRead() {
    byte[] bytes = IMAGES.encode(Samples.image());
    AvroCodec<LabeledImage> exact = IMAGES.withMaxBytes(bytes.length);
    assertEquals(Samples.image(), exact.decode(bytes));
    AvroCodec<LabeledImage> below = IMAGES.withMaxBytes(bytes.length - 1);
    InvalidRecordException e =
        assertThrows(InvalidRecordException.class, () -> below.decode(bytes));
    assertEquals(DeadLetterReason.TOO_LARGE, e.reason());
  }

  // A record of a few bytes that claims two billion must neither allocate them nor run for long.
  @ParameterizedTest
  @ValueSource(longs = {1L << 31, (1L << 31) - 9, 1L << 30, 100_000_000, -1, Long.MIN_VALUE})
  void claimedLengthsCostNothing(long claimed) throws IOException {
    ByteArrayOutputStream string = header(LabeledImage.getClassSchema());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(string, null);
    encoder.writeLong(claimed);
    requireInvalid(string.toByteArray(), DeadLetterReason.UNREADABLE_RECORD, "torn or malformed");

    // An image ends with its data, 6 bytes behind a length of one byte, and a boolean.
    byte[] image = IMAGES.encode(Samples.image());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(image, 0, image.length - 8);
    EncoderFactory.get().directBinaryEncoder(bytes, null).writeLong(claimed);
    requireInvalid(bytes.toByteArray(), DeadLetterReason.UNREADABLE_RECORD, "torn or malformed");
  }

  @Test
  void claimedCollectionLengthsCostNothing() throws IOException {
    ByteArrayOutputStream out = header(TrainingMetrics.getClassSchema());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    encoder.writeString("lenet5");
    encoder.writeLong(1);
    encoder.writeLong(1);
    encoder.writeInt(1);
    encoder.writeEnum(1);
    encoder.writeLong(Integer.MAX_VALUE - 8L);
    InvalidRecordException e =
        assertThrows(
            InvalidRecordException.class,
            () -> AvroCodec.of(TrainingMetrics.class).decode(out.toByteArray()));
    assertEquals(DeadLetterReason.UNREADABLE_RECORD, e.reason());
  }

  @Test
  void changedBytesGiveARecordOrAnInvalidRecordAndNothingElse() {
    AvroCodec<SnapshotManifest> codec = AvroCodec.of(SnapshotManifest.class);
    byte[] good = codec.encode(Samples.manifest());
    long seed = 20261124;
    Random random = new Random(seed);
    int invalid = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = good.clone();
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt();
      }
      try {
        codec.decode(bytes);
      } catch (InvalidRecordException e) {
        invalid++;
      }
    }
    assertTrue(invalid > 1000, "seed " + seed + ": only " + invalid + " were found invalid");
  }

  @Test
  void currentRecordReadsOlderAndNewerWriters() throws IOException {
    Schema older =
        new Schema.Parser()
            .parse(
                TestSchemas.record(
                    "[{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"label\",\"type\":\"int\"},"
                        + TestSchemas.ENCODING
                        + ",{\"name\":\"data\",\"type\":\"bytes\"}]"));
    Schema newer = TestSchemas.newerImage();
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class, List.of(older, newer));

    GenericRecord old = new GenericData.Record(older);
    fill(old, older);
    LabeledImage fromOld = codec.decode(encode(old));
    assertEquals("x", fromOld.getId());
    assertEquals(Optional.empty(), fromOld.getEventTimeMs());
    assertEquals(0, fromOld.getChannels());

    GenericRecord recent = new GenericData.Record(newer);
    fill(recent, newer);
    recent.put("channels", 3);
    recent.put("height", 4);
    recent.put("width", 5);
    recent.put("weight", 2.5);
    LabeledImage fromNew = codec.decode(encode(recent));
    assertEquals("x", fromNew.getId());
    assertEquals(5, fromNew.getWidth());
    assertEquals(ByteBuffer.wrap(new byte[] {1, 2}), fromNew.getData());
  }

  @Test
  void anEncodingOfANewerVersionComesOutAsUnknown() throws IOException {
    Schema newer = TestSchemas.newerImage();
    GenericRecord image = new GenericData.Record(newer);
    fill(image, newer);
    image.put("channels", 0);
    image.put("height", 0);
    image.put("width", 0);
    image.put("weight", 1.0);
    image.put("encoding", new GenericData.EnumSymbol(newer.getField("encoding").schema(), "WEBP"));
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class, List.of(newer));
    assertEquals(ImageEncoding.UNKNOWN, codec.decode(encode(image)).getEncoding());
  }

  @Test
  void newerReaderReadsTheCurrentRecordWithTheDefault() throws IOException {
    Schema newer = TestSchemas.newerImage();
    byte[] bytes = IMAGES.encode(Samples.image());
    GenericRecord read =
        new GenericDatumReader<GenericRecord>(LabeledImage.getClassSchema(), newer)
            .read(null, DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null));
    assertEquals(1.0, read.get("weight"));
    assertEquals("train-7", read.get("id").toString());
  }

  private static void fill(GenericRecord record, Schema schema) {
    record.put("id", "x");
    record.put("label", 1);
    record.put("encoding", new GenericData.EnumSymbol(schema.getField("encoding").schema(), "PNG"));
    record.put("data", ByteBuffer.wrap(new byte[] {1, 2}));
  }

  private static byte[] encode(GenericRecord record) throws IOException {
    ByteArrayOutputStream out = header(record.getSchema());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    return out.toByteArray();
  }

  private static ByteArrayOutputStream header(Schema schema) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(10)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) 0xC3)
            .put((byte) 1)
            .putLong(SchemaHistory.fingerprint(schema))
            .array());
    return out;
  }

  private static void requireInvalid(byte[] bytes, DeadLetterReason reason, String message) {
    InvalidRecordException e =
        assertThrows(InvalidRecordException.class, () -> IMAGES.decode(bytes));
    assertEquals(reason, e.reason());
    assertTrue(String.valueOf(e.getMessage()).contains(message), e.getMessage());
  }
}
