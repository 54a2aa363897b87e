package io.millrace.schemas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.LabeledImage;
import org.apache.avro.Schema;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.junit.jupiter.api.Test;

class MillraceDataTest {
  // Avro's own reader has been used, and has refused, before ours works: no property is set, and
  // the order in which classes load does not matter.
  @Test
  void readsWhereAvrosOwnReaderRefusesForWantOfASystemProperty() {
    AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
    byte[] bytes = codec.encode(Samples.image());
    assertNull(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES"));
    assertThrows(
        SecurityException.class,
        () ->
            new SpecificDatumReader<LabeledImage>(LabeledImage.getClassSchema())
                .read(
                    null, DecoderFactory.get().binaryDecoder(bytes, 10, bytes.length - 10, null)));
    assertEquals(Samples.image(), codec.decode(bytes));
  }

  @Test
  void knowsNoClassOutsideItsNamespace() {
    Schema foreign = Schema.createRecord("ProcessBuilder", null, "java.lang", false);
    assertNull(new MillraceData().getClass(foreign));
    Schema nested = Schema.createRecord("AvroCodec", null, "io.millrace.schemas", false);
    assertNull(new MillraceData().getClass(nested));
  }
}
