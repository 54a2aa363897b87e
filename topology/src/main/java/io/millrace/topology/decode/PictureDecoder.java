package io.millrace.topology.decode;

import io.millrace.model.tensor.Shape;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.decode.PictureReader.Format;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;

/** From a PNG or JPEG file to the pixels of an image, or to the reason why not. */
public final class PictureDecoder {

  private static final byte[] PNG_MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG_MAGIC = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

  private final int channels;
  private final int height;
  private final int width;
  private final int maxPixels;

  /**
   * For images of one shape.
   *
   * @param maxPixels that a header may promise
   */
  public PictureDecoder(Shape input, int maxPixels) {
    this.channels = input.extent(0);
    this.height = input.extent(1);
    this.width = input.extent(2);
    this.maxPixels = maxPixels;
  }

  /** The pixels in [channel][height][width] order. */
  public byte[] png(byte[] data) throws RejectedException {
    return decode(Format.PNG, PNG_MAGIC, data);
  }

  /** The pixels in [channel][height][width] order. */
  public byte[] jpeg(byte[] data) throws RejectedException {
    return decode(Format.JPEG, JPEG_MAGIC, data);
  }

  private byte[] decode(Format format, byte[] magic, byte[] data) throws RejectedException {
    if (!startsWith(data, magic)) {
      throw new RejectedException(
          DeadLetterReason.UNREADABLE_IMAGE,
          "expected " + format + " bytes, got " + data.length + " bytes that start otherwise");
    }
    try {
      return pixels(format, PictureReader.read(format, data, (w, h) -> checkSize(format, w, h)));
    } catch (IOException e) {
      throw new RejectedException(
          DeadLetterReason.UNREADABLE_IMAGE, String.valueOf(e.getMessage()));
    }
  }

  private void checkSize(Format format, int pictureWidth, int pictureHeight)
      throws RejectedException {
    if ((long) pictureWidth * pictureHeight > maxPixels) {
      throw new RejectedException(
          DeadLetterReason.IMAGE_TOO_LARGE,
          String.format(
              "%s header: expected at most %d pixels, got %d x %d",
              format, maxPixels, pictureWidth, pictureHeight));
    }
    if (pictureWidth != width || pictureHeight != height) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          String.format(
              "%s: expected height %d and width %d, got %d and %d",
              format, height, width, pictureHeight, pictureWidth));
    }
  }

  private byte[] pixels(Format format, BufferedImage picture) throws RejectedException {
    int colors = picture.getColorModel().getNumColorComponents();
    if (colors != channels) {
      throw new RejectedException(
          DeadLetterReason.WRONG_SHAPE,
          format + ": expected " + channels + " channels, got " + colors);
    }
    return colors == 1 ? gray(picture) : rgb(picture);
  }

  /** Samples as they are: getRGB would convert gray through a color space. */
  private byte[] gray(BufferedImage picture) {
    byte[] pixels = new byte[height * width];
    Raster raster = picture.getRaster();
    int bits = picture.getColorModel().getComponentSize(0);
    int largest = (1 << bits) - 1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[y * width + x] = (byte) (raster.getSample(x, y, 0) * 255 / largest);
      }
    }
    return pixels;
  }

  private byte[] rgb(BufferedImage picture) throws RejectedException {
    if (!(picture.getColorModel() instanceof IndexColorModel)
        && !picture.getColorModel().getColorSpace().isCS_sRGB()) {
      throw new RejectedException(
          DeadLetterReason.UNREADABLE_IMAGE, "expected sRGB colors, got another color space");
    }
    int plane = height * width;
    byte[] pixels = new byte[3 * plane];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int color = picture.getRGB(x, y);
        int at = y * width + x;
        pixels[at] = (byte) (color >> 16);
        pixels[plane + at] = (byte) (color >> 8);
        pixels[2 * plane + at] = (byte) color;
      }
    }
    return pixels;
  }

  private static boolean startsWith(byte[] data, byte[] magic) {
    if (data.length < magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if (data[i] != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
