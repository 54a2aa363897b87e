package io.millrace.model.protobuf;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes worked out by hand from the encoding's description. */
class ProtoMessageTest {
  private static String hex(ProtoMessage message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    assertEquals(out.size(), message.sizeBytes());
    return HexFormat.of().formatHex(out.toByteArray());
  }

  @Test
  void numbersAreVarintsOfAnyLength() throws IOException {
    assertEquals("0800", hex(new ProtoMessage().number(1, 0)));
    assertEquals("089601", hex(new ProtoMessage().number(1, 150)));
    assertEquals("a00102", hex(new ProtoMessage().number(20, 2)));
    assertEquals("08ffffffffffffffffff01", hex(new ProtoMessage().number(1, -1)));
  }

  @Test
  void textsAndMessagesBeginWithTheirLength() throws IOException {
    assertEquals("120774657374696e67", hex(new ProtoMessage().text(2, "testing")));
    assertEquals("1a02c3a4", hex(new ProtoMessage().text(3, "ä")));
    assertEquals(
        "1a03089601", hex(new ProtoMessage().message(3, new ProtoMessage().number(1, 150))));
    assertEquals("1a00", hex(new ProtoMessage().message(3, new ProtoMessage())));
  }

  @Test
  void floatsAreLittleEndian() throws IOException {
    assertEquals("150000803f", hex(new ProtoMessage().real(2, 1)));
    assertEquals("4a080000803f000000c0", hex(new ProtoMessage().floats(9, new float[] {1, -2})));
  }

  @Test
  void doublesAreLittleEndianToo() throws IOException {
    assertEquals("09000000000000f03f", hex(new ProtoMessage().real64(1, 1)));
    assertEquals(
        "3210000000000000f03f00000000000000c0",
        hex(new ProtoMessage().doubles(6, new double[] {1, -2})));
    assertEquals("2202ff00", hex(new ProtoMessage().bytes(4, new byte[] {-1, 0})));
  }

  @Test
  void longArraysAreWrittenWhole() throws IOException {
    float[] values = new float[40_000];
    values[39_999] = 1;
    String hex = hex(new ProtoMessage().floats(9, values));
    assertEquals("4a80e209", hex.substring(0, 8));
    assertEquals(2 * (4 + 160_000), hex.length());
    assertEquals("0000803f", hex.substring(hex.length() - 8));
  }
}
