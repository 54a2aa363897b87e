package io.millrace.app.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Writes small files of the formats that {@link ImageSource}s read. */
public final class Samples {
  private Samples() {}

  /** An IDX file with this header and these values, whether they agree or not. */
  static byte[] idx(int magic, int[] sizes, byte[] values) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * sizes.length + values.length).putInt(magic);
    for (int size : sizes) {
      file.putInt(size);
    }
    return file.put(values).array();
  }

  /** Images of 2 x 3, image i filled with i, as a whole IDX file. */
  public static byte[] idxImages(int count) {
    byte[] pixels = new byte[count * 6];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 6);
    }
    return idx(0x803, new int[] {count, 2, 3}, pixels);
  }

  /** Labels 0, 1, ... classes - 1, 0, 1, ... as a whole IDX file. */
  public static byte[] idxLabels(int count, int classes) {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % classes);
    }
    return idx(0x801, new int[] {count}, labels);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(content);
    }
    return packed.toByteArray();
  }

  /** CIFAR-10 records; image i has label i mod 10 and is filled with {@code first + i}. */
  static byte[] cifar(int count, int first) {
    byte[] file = new byte[count * 3073];
    for (int i = 0; i < count; i++) {
      file[i * 3073] = (byte) (i % 10);
      java.util.Arrays.fill(file, i * 3073 + 1, (i + 1) * 3073, (byte) (first + i));
    }
    return file;
  }

  /** An image file of {@code "png"} or {@code "jpg"} whose left half is red. */
  public static Path image(Path file, String format, int height, int width, boolean colour)
      throws IOException {
    int type = colour ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY;
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width / 2; x++) {
        image.setRGB(x, y, 0xff0000);
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    ImageIO.write(image, format, file.toFile());
    return file;
  }
}
