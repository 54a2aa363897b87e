package io.millrace.topology.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.SmallLearner;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageDecoderTest {

  private static final int SIDE = SmallLearner.SIDE;

  private final AvroCodec<LabeledImage> codec = AvroCodec.of(LabeledImage.class);
  private final ImageDecoder decoder =
      new ImageDecoder(SmallLearner.network(), SmallLearner.config().images());

  @Test
  void takesRawPixelsAsTheyAre() {
    LabeledImage image = SmallLearner.image(1);
    Decoded.Accepted accepted = accepted(codec.encode(image));
    assertEquals("image-1", accepted.id());
    assertEquals(image.getLabel(), accepted.label());
    assertArrayEquals(image.getData().array(), accepted.pixels());
  }

  @Test
  void decodesGrayPngToTheSamePixels() throws IOException {
    byte[] pixels = SmallLearner.image(2).getData().array();
    assertArrayEquals(
        pixels, accepted(encoded(ImageEncoding.PNG, picture("png", gray(pixels)))).pixels());
  }

  @Test
  void decodesGrayJpegToNearlyTheSamePixels() throws IOException {
    byte[] pixels = new byte[SIDE * SIDE];
    Arrays.fill(pixels, (byte) 200);
    byte[] decoded = accepted(encoded(ImageEncoding.JPEG, picture("jpeg", gray(pixels)))).pixels();
    for (byte pixel : decoded) {
      assertEquals(200, pixel & 0xff, 2);
    }
  }

  @Test
  void rejectsWhatIsEmpty() {
    assertReason(DeadLetterReason.EMPTY_RECORD, null, "empty");
    assertReason(DeadLetterReason.EMPTY_RECORD, new byte[0], "empty");
  }

  @Test
  void rejectsWhatIsTooLargeWithoutReadingIt() {
    assertReason(DeadLetterReason.TOO_LARGE, new byte[100_001], "at most 100000 bytes, got 100001");
  }

  @Test
  void rejectsEveryTornRecordAndSurvivesEveryFlippedByte() {
    byte[] whole = codec.encode(SmallLearner.image(3));
    for (int length = 1; length < whole.length; length++) {
      assertInstanceOf(
          Decoded.Rejected.class, decoder.decode(Arrays.copyOf(whole, length)), "at " + length);
    }
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x55;
      // A flipped pixel is still an image: what matters is that nothing throws.
      decoder.decode(flipped);
    }
  }

  @Test
  void rejectsLabelsOutsideTheClasses() {
    for (int label : new int[] {-1, SmallLearner.CLASSES, Integer.MAX_VALUE}) {
      LabeledImage image = SmallLearner.image(4);
      image.setLabel(label);
      assertReason(
          DeadLetterReason.LABEL_OUT_OF_RANGE,
          codec.encode(image),
          "expected a label of 0 to 2, got " + label);
    }
  }

  @Test
  void rejectsOtherShapes() throws IOException {
    LabeledImage image = SmallLearner.image(5);
    image.setWidth(SIDE + 1);
    assertReason(
        DeadLetterReason.WRONG_SHAPE, codec.encode(image), "expected [1, 6, 6]", "got [1, 6, 7]");
    LabeledImage shortData = SmallLearner.image(5);
    shortData.setData(ByteBuffer.allocate(35));
    assertReason(DeadLetterReason.WRONG_SHAPE, codec.encode(shortData), "36 bytes", "got 35");
    assertReason(
        DeadLetterReason.WRONG_SHAPE,
        encoded(ImageEncoding.PNG, picture("png", new BufferedImage(7, 6, 10))),
        "expected height 6 and width 6, got 6 and 7");
    assertReason(
        DeadLetterReason.WRONG_SHAPE,
        encoded(
            ImageEncoding.PNG, picture("png", new BufferedImage(6, 6, BufferedImage.TYPE_INT_RGB))),
        "expected 1 channels, got 3");
  }

  @Test
  void rejectsHugePictureByItsHeaderAlone() {
    assertReason(
        DeadLetterReason.IMAGE_TOO_LARGE,
        encoded(ImageEncoding.PNG, pngHeader(20_000, 20_000)),
        "at most 10000 pixels, got 20000 x 20000");
  }

  @Test
  void rejectsPictureOfAnotherFormatThanItSays() throws IOException {
    byte[] png = picture("png", gray(new byte[SIDE * SIDE]));
    assertReason(
        DeadLetterReason.UNREADABLE_IMAGE, encoded(ImageEncoding.JPEG, png), "expected JPEG");
  }

  @Test
  void rejectsTornPictures() throws IOException {
    byte[] noise = new byte[SIDE * SIDE];
    new Random(6).nextBytes(noise);
    byte[] jpeg = picture("jpeg", gray(noise));
    byte[] png = picture("png", gray(noise));
    // Behind the last pixel's bits there is the end marker, which may be missing.
    for (int length = 0; length < jpeg.length - 8; length++) {
      byte[] torn = Arrays.copyOf(jpeg, length);
      assertReason(DeadLetterReason.UNREADABLE_IMAGE, encoded(ImageEncoding.JPEG, torn));
    }
    // Behind the last pixel's bits there are two checksums and the end chunk.
    for (int length = 0; length < png.length - 24; length++) {
      byte[] torn = Arrays.copyOf(png, length);
      assertReason(DeadLetterReason.UNREADABLE_IMAGE, encoded(ImageEncoding.PNG, torn));
    }
  }

  @Test
  void survivesDamagedPictures() throws IOException {
    byte[] noise = new byte[SIDE * SIDE];
    new Random(6).nextBytes(noise);
    for (String format : new String[] {"png", "jpeg"}) {
      byte[] whole = picture(format, gray(noise));
      ImageEncoding encoding = format.equals("png") ? ImageEncoding.PNG : ImageEncoding.JPEG;
      for (int at = 0; at < whole.length; at++) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 0x55;
        decoder.decode(encoded(encoding, damaged));
        decoder.decode(encoded(encoding, Arrays.copyOf(whole, at)));
      }
    }
  }

  @Test
  void rejectsJpegOfManyScansBeforeItIsDecoded() throws IOException {
    byte[] whole = picture("jpeg", gray(new byte[SIDE * SIDE]));
    byte[] scan = {(byte) 0xff, (byte) 0xda, 0, 8, 1, 1, 0, 0, 63, 0};
    var bytes = new ByteArrayOutputStream();
    bytes.write(whole, 0, whole.length - 2);
    for (int i = 0; i < 100; i++) {
      bytes.writeBytes(scan);
    }
    assertReason(
        DeadLetterReason.UNREADABLE_IMAGE,
        encoded(ImageEncoding.JPEG, bytes.toByteArray()),
        "expected at most 100 scans, got more");
  }

  @Test
  void aReasonIsShortHoweverMuchIsWrong() throws IOException {
    byte[] whole = picture("jpeg", gray(new byte[SIDE * SIDE]));
    var bytes = new ByteArrayOutputStream();
    bytes.write(whole, 0, 2);
    // The reader warns of each stray byte in front of a segment.
    for (int i = 0; i < 2000; i++) {
      bytes.writeBytes(new byte[] {1, (byte) 0xff, (byte) 0xfe, 0, 2});
    }
    bytes.write(whole, 2, whole.length - 2);
    Decoded.Rejected rejected =
        assertInstanceOf(
            Decoded.Rejected.class,
            decoder.decode(encoded(ImageEncoding.JPEG, bytes.toByteArray())));
    assertTrue(rejected.message().length() < 200, rejected.message());
    Decoded.Rejected cut =
        new Decoded.Rejected(DeadLetterReason.UNREADABLE_IMAGE, "x".repeat(5000));
    assertEquals("x".repeat(1000) + "...", cut.message());
  }

  @Test
  void textOfAPictureIsNotUnpacked() throws IOException {
    BufferedImage palette = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_INDEXED);
    byte[] whole = picture("png", palette);
    byte[] packed = new byte[2000];
    try (Deflater deflater = new Deflater()) {
      deflater.setInput(new byte[250_000]);
      deflater.finish();
      packed = Arrays.copyOf(packed, deflater.deflate(packed));
    }
    byte[] text = Arrays.copyOf(new byte[] {'k', 0, 0}, 3 + packed.length);
    System.arraycopy(packed, 0, text, 3, packed.length);
    var bytes = new ByteArrayOutputStream();
    bytes.write(whole, 0, 33);
    for (int i = 0; i < 200; i++) {
      bytes.writeBytes(chunk("zTXt", text));
    }
    bytes.write(whole, 33, whole.length - 33);
    byte[] record = encoded(ImageEncoding.PNG, bytes.toByteArray());
    decoder.decode(record);
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    decoder.decode(record);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(allocated < 5_000_000, allocated + " bytes");
  }

  private static byte[] chunk(String type, byte[] data) {
    byte[] name = type.getBytes(StandardCharsets.US_ASCII);
    CRC32 crc = new CRC32();
    crc.update(name);
    crc.update(data);
    ByteBuffer bytes = ByteBuffer.allocate(12 + data.length).putInt(data.length);
    return bytes.put(name).put(data).putInt((int) crc.getValue()).array();
  }

  private Decoded.Accepted accepted(byte[] value) {
    return assertInstanceOf(Decoded.Accepted.class, decoder.decode(value));
  }

  private void assertReason(DeadLetterReason reason, byte @Nullable [] value, String... parts) {
    Decoded.Rejected rejected = assertInstanceOf(Decoded.Rejected.class, decoder.decode(value));
    assertEquals(reason, rejected.reason(), rejected.message());
    for (String part : parts) {
      assertTrue(rejected.message().contains(part), rejected.message());
    }
  }

  private byte[] encoded(ImageEncoding encoding, byte[] data) {
    return codec.encode(
        LabeledImage.newBuilder()
            .setId("picture")
            .setLabel(0)
            .setEncoding(encoding)
            .setData(ByteBuffer.wrap(data))
            .build());
  }

  private static BufferedImage gray(byte[] pixels) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, SIDE, SIDE, pixels);
    return picture;
  }

  private static byte[] picture(String format, BufferedImage picture) throws IOException {
    var bytes = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(picture, format, bytes));
    return bytes.toByteArray();
  }

  /** A valid PNG signature and header, and nothing behind it. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 25);
    bytes.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    bytes.putInt(13);
    int from = bytes.position();
    bytes.put(new byte[] {'I', 'H', 'D', 'R'}).putInt(width).putInt(height);
    bytes.put(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), from, 17);
    return bytes.putInt((int) crc.getValue()).array();
  }
}
