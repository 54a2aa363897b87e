package io.millrace.app.dashboard.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ConvolutionFilters;
import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.topology.decode.PictureReader.Format;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/** Pictures of records that are right, wrong and harmful; drawings; filters. */
class PicturesTest {
  private static final AvroCodec<LabeledImage> CODEC = AvroCodec.of(LabeledImage.class);

  private final RecordPictures pictures = new RecordPictures();

  private static byte[] raw(int channels, int height, int width, byte[] data) {
    return record(ImageEncoding.RAW, channels, height, width, data);
  }

  private static byte[] record(
      ImageEncoding encoding, int channels, int height, int width, byte[] data) {
    return CODEC.encode(
        LabeledImage.newBuilder()
            .setId("id")
            .setLabel(3)
            .setEncoding(encoding)
            .setChannels(channels)
            .setHeight(height)
            .setWidth(width)
            .setData(ByteBuffer.wrap(data))
            .build());
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static BufferedImage decode(byte[] png) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(png));
  }

  private static byte[] png(BufferedImage picture) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertTrue(ImageIO.write(picture, "png", out));
    return out.toByteArray();
  }

  @Test
  void grayPixelsAreThoseOfTheRecord() throws IOException {
    byte[] data = random(7 * 5);
    byte[] png = pictures.png(raw(1, 7, 5, data)).orElseThrow();
    BufferedImage picture = decode(png);
    byte[] back = new byte[data.length];
    for (int i = 0; i < back.length; i++) {
      back[i] = (byte) picture.getRaster().getSample(i % 5, i / 5, 0);
    }
    assertArrayEquals(data, back);
    // A record that has a PNG shows the same.
    byte[] again = pictures.png(record(ImageEncoding.PNG, 0, 0, 0, png)).orElseThrow();
    assertArrayEquals(png, again);
  }

  @Test
  void colorsAreThoseOfTheRecord() throws IOException {
    byte[] data = random(3 * 4 * 6);
    BufferedImage picture = decode(pictures.png(raw(3, 4, 6, data)).orElseThrow());
    for (int i = 0; i < 24; i++) {
      int expected =
          ((data[i] & 0xff) << 16) | ((data[24 + i] & 0xff) << 8) | (data[48 + i] & 0xff);
      assertEquals(expected, picture.getRGB(i % 6, i / 6) & 0xffffff);
    }
  }

  @Test
  void largePicturesBecomeSmallAndHugeOnesNone() throws IOException {
    BufferedImage large = new BufferedImage(1_500, 700, BufferedImage.TYPE_INT_RGB);
    BufferedImage shown =
        decode(pictures.png(record(ImageEncoding.PNG, 0, 0, 0, png(large))).orElseThrow());
    assertEquals(500, shown.getWidth());
    BufferedImage huge = new BufferedImage(4_000, 4_000, BufferedImage.TYPE_BYTE_BINARY);
    byte[] record = record(ImageEncoding.PNG, 0, 0, 0, png(huge));
    assertTrue(pictures.looksLikeOne(record));
    assertTrue(pictures.png(record).isEmpty());
  }

  @Test
  void whatIsNoPictureIsNone() {
    assertTrue(pictures.looksLikeOne(raw(1, 2, 2, new byte[4])));
    for (byte[] value :
        List.of(
            new byte[0],
            random(100),
            raw(1, 2, 2, new byte[5]),
            raw(2, 2, 2, new byte[8]),
            raw(1, -2, -2, new byte[4]),
            raw(1, 1 << 30, 4, new byte[4]),
            record(ImageEncoding.UNKNOWN, 1, 2, 2, new byte[4]))) {
      assertFalse(pictures.looksLikeOne(value));
      assertTrue(pictures.png(value).isEmpty());
    }
    for (ImageEncoding encoding : List.of(ImageEncoding.PNG, ImageEncoding.JPEG)) {
      assertTrue(pictures.png(record(encoding, 0, 0, 0, random(300))).isEmpty());
    }
  }

  @Test
  void aDrawingInWhateverColorBecomesTheSameLightOnBlack() throws IOException {
    byte[] expected =
        Drawing.fit(Format.PNG, drawing(Color.WHITE, Color.BLACK), Shape.of(1, 28, 28));
    assertArrayEquals(
        expected, Drawing.fit(Format.PNG, drawing(Color.BLACK, Color.WHITE), Shape.of(1, 28, 28)));
    Color clear = new Color(0, 0, 0, 0);
    assertArrayEquals(
        expected, Drawing.fit(Format.PNG, drawing(Color.WHITE, clear), Shape.of(1, 28, 28)));
    assertArrayEquals(
        expected, Drawing.fit(Format.PNG, drawing(Color.BLACK, clear), Shape.of(1, 28, 28)));
    int[] rows =
        IntStream.range(0, 28)
            .filter(y -> IntStream.range(0, 28).anyMatch(x -> expected[y * 28 + x] != 0))
            .toArray();
    assertEquals(2, rows[0]);
    assertEquals(25, rows[rows.length - 1]);
    assertEquals(0, expected[14 * 28]);
    assertEquals((byte) 255, expected[14 * 28 + 14]);
  }

  /** A stroke from the top to the bottom, off the middle. */
  private static byte[] drawing(Color ink, Color ground) throws IOException {
    BufferedImage picture = new BufferedImage(280, 280, BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setComposite(java.awt.AlphaComposite.Src);
    graphics.setColor(ground);
    graphics.fillRect(0, 0, 280, 280);
    graphics.setColor(ink);
    graphics.setStroke(new BasicStroke(24, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    graphics.drawLine(60, 40, 60, 240);
    graphics.dispose();
    return png(picture);
  }

  @Test
  void anEmptyDrawingAndAPhotoAreInputsToo() throws IOException {
    byte[] empty = png(new BufferedImage(50, 20, BufferedImage.TYPE_INT_ARGB));
    assertArrayEquals(new byte[784], Drawing.fit(Format.PNG, empty, Shape.of(1, 28, 28)));
    BufferedImage photo = new BufferedImage(100, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = photo.createGraphics();
    graphics.setColor(new Color(10, 20, 30));
    graphics.fillRect(20, 0, 60, 60);
    graphics.dispose();
    byte[] pixels = Drawing.fit(Format.PNG, png(photo), Shape.of(3, 32, 32));
    for (int i = 0; i < 1_024; i++) {
      assertEquals(10, pixels[i]);
      assertEquals(20, pixels[1_024 + i]);
      assertEquals(30, pixels[2_048 + i]);
    }
  }

  @Test
  void filtersStandInAGridFromDarkToLight() throws IOException {
    List<Float> values = IntStream.range(0, 18 * 9).mapToObj(i -> (float) i).toList();
    ConvolutionFilters filters =
        new ConvolutionFilters("conv.weight", List.of(18, 1, 3, 3), values);
    BufferedImage picture = decode(FilterPicture.png(filters).orElseThrow());
    assertEquals(8 * 36 - 6, picture.getWidth());
    assertEquals(3 * 36 - 6, picture.getHeight());
    assertEquals(0, picture.getRaster().getSample(0, 0, 0));
    assertEquals(255, picture.getRaster().getSample(36 + 29, 2 * 36 + 29, 0));
  }

  @Test
  void filtersWhoseNumbersDoNotFitAreNotShown() {
    for (List<Integer> shape :
        List.of(
            List.of(1, 1, 3),
            List.of(1, 1, 3, 4),
            List.of(0, 1, 3, 3),
            List.of(-1, -1, 3, 3),
            List.of(1 << 20, 1 << 20, 1 << 20, 1 << 20))) {
      assertTrue(
          FilterPicture.png(
                  new ConvolutionFilters(
                      "w", shape, IntStream.range(0, 9).mapToObj(i -> 1f).toList()))
              .isEmpty());
    }
  }
}
