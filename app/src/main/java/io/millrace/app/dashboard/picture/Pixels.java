package io.millrace.app.dashboard.picture;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A picture of 8 bits.
 *
 * @param channels 1 or 3
 * @param planes unsigned bytes in [channel][height][width] order
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Pixels(int channels, int height, int width, byte[] planes) {
  public Pixels {
    if ((channels != 1 && channels != 3)
        || height < 1
        || width < 1
        || planes.length != channels * height * width) {
      throw new IllegalArgumentException(
          "picture: expected 1 or 3 channels of "
              + height
              + " x "
              + width
              + ", got "
              + channels
              + " and "
              + planes.length
              + " bytes");
    }
  }

  /** The samples of a decoded picture; transparency is dropped. */
  static Pixels of(BufferedImage picture) {
    int height = picture.getHeight();
    int width = picture.getWidth();
    int plane = height * width;
    boolean gray = picture.getColorModel().getNumColorComponents() == 1;
    byte[] planes = new byte[(gray ? 1 : 3) * plane];
    // Samples as they are: getRGB would convert gray through a color space.
    Raster raster = picture.getRaster();
    int largest = (1 << picture.getColorModel().getComponentSize(0)) - 1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        if (gray) {
          planes[at] = (byte) (raster.getSample(x, y, 0) * 255 / largest);
        } else {
          int color = picture.getRGB(x, y);
          planes[at] = (byte) (color >> 16);
          planes[plane + at] = (byte) (color >> 8);
          planes[2 * plane + at] = (byte) color;
        }
      }
    }
    return new Pixels(gray ? 1 : 3, height, width, planes);
  }

  /** Every n-th row and column, so that neither is longer than {@code side}. */
  Pixels atMost(int side) {
    int every = (Math.max(height, width) + side - 1) / side;
    if (every == 1) {
      return this;
    }
    int rows = (height + every - 1) / every;
    int columns = (width + every - 1) / every;
    byte[] fewer = new byte[channels * rows * columns];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < rows; y++) {
        for (int x = 0; x < columns; x++) {
          fewer[(c * rows + y) * columns + x] =
              planes[(c * height + y * every) * width + x * every];
        }
      }
    }
    return new Pixels(channels, rows, columns, fewer);
  }

  /** The picture as a PNG file. */
  public byte[] png() {
    BufferedImage picture =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    WritableRaster raster = picture.getRaster();
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          raster.setSample(x, y, c, planes[(c * height + y) * width + x] & 0xff);
        }
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: the default keeps a file for what is being written.
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(picture, "png", out)) {
        throw new IllegalStateException("the JDK has no writer for PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
