package io.millrace.tests.endtoend;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.Prediction;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.tests.support.Images;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** One record of each kind that a learner cannot use, and why it cannot. */
final class BadRecords {

  /**
   * A bad record.
   *
   * @param kind what is wrong with it; also the record's key
   */
  record Bad(String kind, DeadLetterReason reason, byte @Nullable [] value) {}

  private static final int SIDE = Images.SIDE;
  private static final byte[] GOOD = Images.encode(Images.image(0));

  private BadRecords() {}

  static List<Bad> all() {
    Map<String, byte[]> unreadable = new LinkedHashMap<>();
    unreadable.put("torn in the header", Arrays.copyOf(GOOD, 7));
    unreadable.put("torn in the pixels", Arrays.copyOf(GOOD, GOOD.length - 100));
    unreadable.put("trailing bytes", Arrays.copyOf(GOOD, GOOD.length + 1));
    unreadable.put("unknown schema fingerprint", with(GOOD, 2, 0x5a));
    unreadable.put("another record's schema", prediction());
    unreadable.put("random bytes", randomBytes(900));
    unreadable.put("text", "{\"label\": 3}".getBytes(StandardCharsets.UTF_8));
    unreadable.put("a length of 2 GiB", claimsTwoGigabytes());

    Map<String, byte[]> damaged = new LinkedHashMap<>();
    byte[] jpeg = picture("jpeg", SIDE);
    byte[] png = picture("png", SIDE);
    damaged.put("JPEG cut in half", pictured(ImageEncoding.JPEG, half(jpeg)));
    damaged.put("JPEG cut in its header", pictured(ImageEncoding.JPEG, Arrays.copyOf(jpeg, 30)));
    damaged.put("PNG cut in half", pictured(ImageEncoding.PNG, half(png)));
    damaged.put("PNG that says JPEG", pictured(ImageEncoding.JPEG, png));
    damaged.put("picture of no bytes", pictured(ImageEncoding.PNG, new byte[0]));

    Map<String, byte[]> shapes = new LinkedHashMap<>();
    shapes.put("other width", changed(image -> image.setWidth(SIDE + 1)));
    shapes.put("three channels", changed(image -> image.setChannels(3)));
    shapes.put("negative height", changed(image -> image.setHeight(-SIDE)));
    shapes.put("a pixel short", changed(image -> image.setData(zeros(SIDE * SIDE - 1))));
    shapes.put("PNG of another size", pictured(ImageEncoding.PNG, picture("png", SIDE + 4)));

    Map<String, byte[]> labels = new LinkedHashMap<>();
    labels.put("label 10 of 10", changed(image -> image.setLabel(Images.CLASSES)));
    labels.put("label -1", changed(image -> image.setLabel(-1)));

    return Stream.of(
            List.of(
                new Bad("null", DeadLetterReason.EMPTY_RECORD, null),
                new Bad("empty", DeadLetterReason.EMPTY_RECORD, new byte[0])),
            bad(DeadLetterReason.UNREADABLE_RECORD, unreadable),
            bad(DeadLetterReason.UNREADABLE_IMAGE, damaged),
            bad(DeadLetterReason.WRONG_SHAPE, shapes),
            bad(DeadLetterReason.LABEL_OUT_OF_RANGE, labels),
            List.of(
                new Bad(
                    "PNG header of 20000 x 20000",
                    DeadLetterReason.IMAGE_TOO_LARGE,
                    pictured(ImageEncoding.PNG, pngHeader(20_000, 20_000))),
                new Bad(
                    "encoding of a newer program",
                    DeadLetterReason.UNSUPPORTED_ENCODING,
                    changed(image -> image.setEncoding(ImageEncoding.UNKNOWN))),
                new Bad(
                    "5 MB",
                    DeadLetterReason.TOO_LARGE,
                    changed(image -> image.setData(zeros(5_000_000))))))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Bad> bad(DeadLetterReason reason, Map<String, byte[]> values) {
    return values.entrySet().stream()
        .map(entry -> new Bad(entry.getKey(), reason, entry.getValue()))
        .toList();
  }

  private static byte[] changed(Consumer<LabeledImage> change) {
    LabeledImage image = Images.image(0);
    change.accept(image);
    return Images.encode(image);
  }

  private static byte[] pictured(ImageEncoding encoding, byte[] data) {
    return changed(image -> {
      image.setEncoding(encoding);
      image.setData(ByteBuffer.wrap(data));
    });
  }

  private static byte[] prediction() {
    return AvroCodec.of(Prediction.class)
        .encode(
            Prediction.newBuilder()
                .setId("image")
                .setModel("model")
                .setSnapshotVersion(1)
                .setLabel(1)
                .setProbabilities(List.of(0f, 1f))
                .build());
  }

  /** A header, then the length of the id as Avro writes 2^31 - 1, then little else. */
  private static byte[] claimsTwoGigabytes() {
    byte[] bytes = Arrays.copyOf(GOOD, AvroCodec.HEADER_BYTES + 100);
    byte[] length = {(byte) 0xfe, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
    System.arraycopy(length, 0, bytes, AvroCodec.HEADER_BYTES, length.length);
    return bytes;
  }

  private static byte[] with(byte[] bytes, int at, int value) {
    byte[] copy = bytes.clone();
    copy[at] = (byte) value;
    return copy;
  }

  private static byte[] half(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static ByteBuffer zeros(int length) {
    return ByteBuffer.allocate(length);
  }

  private static byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  /** Noise, so that the picture's data are much longer than its headers. */
  private static byte[] picture(String format, int side) {
    BufferedImage picture = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
    picture.getRaster().setDataElements(0, 0, side, side, randomBytes(side * side));
    var bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(picture, format, bytes)) {
        throw new IllegalStateException("this JDK writes no " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** A valid PNG signature and header, and nothing behind it. */
  private static byte[] pngHeader(int width, int height) {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 25);
    bytes.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}).putInt(13);
    int from = bytes.position();
    bytes.put(new byte[] {'I', 'H', 'D', 'R'}).putInt(width).putInt(height);
    bytes.put(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(bytes.array(), from, 17);
    return bytes.putInt((int) crc.getValue()).array();
  }
}
