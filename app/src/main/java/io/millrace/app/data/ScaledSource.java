package io.millrace.app.data;

import io.millrace.topology.decode.PictureReader;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.util.List;

/**
 * The images of another source as {@code RAW} ones of one size, for networks with a fixed input.
 *
 * <p>An output pixel is the mean of the input area that it covers, in whole numbers, rounded to the
 * nearest; proportions are not kept. Colour turns gray by ITU-R BT.601 luma, {@code (299 R + 587 G
 * + 114 B) / 1000}; gray turns colour by three equal planes. Transparency is dropped.
 */
public final class ScaledSource implements ImageSource {
  /** Larger images are refused by their header, before memory is taken for them. */
  static final long MAX_PIXELS = 64L << 20;

  private final ImageSource source;
  private final int channels;
  private final int height;
  private final int width;

  /**
   * Wraps a source, which is closed with this one.
   *
   * @param channels 1 or 3
   */
  public ScaledSource(ImageSource source, int channels, int height, int width) {
    if (channels != 1 && channels != 3) {
      throw new DataException("channels: expected 1 or 3, got " + channels);
    }
    if (height < 1 || height > 4096 || width < 1 || width > 4096) {
      throw new DataException("size: expected 1x1 to 4096x4096, got " + height + "x" + width);
    }
    this.source = source;
    this.channels = channels;
    this.height = height;
    this.width = width;
  }

  @Override
  public String description() {
    return source.description() + ", scaled to " + channels + "x" + height + "x" + width;
  }

  @Override
  public List<String> classNames() {
    return source.classNames();
  }

  @Override
  public int size() {
    return source.size();
  }

  @Override
  public String id(int index) {
    return source.id(index);
  }

  @Override
  public void close() {
    source.close();
  }

  @Override
  public SourceImage image(int index) {
    SourceImage image = source.image(index);
    requireSize(image.id(), image.width(), image.height());
    SourceImage raw = image.encoding() == SourceImage.Encoding.RAW ? image : decode(image);
    byte[] planes = scale(recolour(raw), channels, raw.height(), raw.width(), height, width);
    return new SourceImage(
        raw.id(), raw.label(), SourceImage.Encoding.RAW, channels, height, width, planes);
  }

  private static void requireSize(String id, int width, int height) {
    if ((long) height * width > MAX_PIXELS) {
      throw new DataException(
          "image %s: expected at most %d pixels, got %d x %d; remove it"
              .formatted(id, MAX_PIXELS, height, width));
    }
  }

  private static SourceImage decode(SourceImage image) {
    BufferedImage decoded;
    try {
      PictureReader.Format format =
          image.encoding() == SourceImage.Encoding.PNG
              ? PictureReader.Format.PNG
              : PictureReader.Format.JPEG;
      // The reader's own view of the header counts: a file may have two that differ.
      decoded = PictureReader.read(format, image.data(), (w, h) -> requireSize(image.id(), w, h));
    } catch (IOException e) {
      throw new DataException(
          "image "
              + image.id()
              + ": expected a whole "
              + image.encoding()
              + ", got "
              + e.getMessage(),
          e);
    }
    int h = decoded.getHeight();
    int w = decoded.getWidth();
    Raster raster = decoded.getRaster();
    // getRGB would bend gray values by a colour profile: take them as they are stored.
    boolean gray = decoded.getColorModel().getNumColorComponents() == 1;
    int surplusBits = Math.max(0, raster.getSampleModel().getSampleSize(0) - 8);
    byte[] planes = new byte[(gray ? 1 : 3) * h * w];
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        int at = y * w + x;
        if (gray) {
          planes[at] = (byte) (raster.getSample(x, y, 0) >> surplusBits);
        } else {
          int rgb = decoded.getRGB(x, y);
          planes[at] = (byte) (rgb >> 16);
          planes[h * w + at] = (byte) (rgb >> 8);
          planes[2 * h * w + at] = (byte) rgb;
        }
      }
    }
    return new SourceImage(
        image.id(), image.label(), SourceImage.Encoding.RAW, gray ? 1 : 3, h, w, planes);
  }

  /** The planes of an image with the wanted number of channels. */
  private byte[] recolour(SourceImage raw) {
    byte[] from = raw.data();
    int area = raw.height() * raw.width();
    if (raw.channels() == channels) {
      return from;
    }
    byte[] to = new byte[channels * area];
    for (int i = 0; i < area; i++) {
      if (channels == 1) {
        int red = from[i] & 0xff;
        int green = from[area + i] & 0xff;
        int blue = from[2 * area + i] & 0xff;
        to[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
      } else {
        to[i] = from[i];
        to[area + i] = from[i];
        to[2 * area + i] = from[i];
      }
    }
    return to;
  }

  /**
   * Scales planes [c, ih, iw] to [c, oh, ow]. Lengths are in units of 1/oh of an input row and 1/ow
   * of an input column, so that every overlap is a whole number and the weights sum to ih x iw.
   */
  public static byte[] scale(byte[] from, int c, int ih, int iw, int oh, int ow) {
    byte[] to = new byte[c * oh * ow];
    long total = (long) ih * iw;
    for (int plane = 0; plane < c; plane++) {
      for (int oy = 0; oy < oh; oy++) {
        for (int ox = 0; ox < ow; ox++) {
          long sum = 0;
          for (int y = (int) ((long) oy * ih / oh); (long) y * oh < (oy + 1L) * ih; y++) {
            long rows = overlap(y, oh, oy, ih);
            int row = (plane * ih + y) * iw;
            for (int x = (int) ((long) ox * iw / ow); (long) x * ow < (ox + 1L) * iw; x++) {
              sum += rows * overlap(x, ow, ox, iw) * (from[row + x] & 0xff);
            }
          }
          to[(plane * oh + oy) * ow + ox] = (byte) ((sum + total / 2) / total);
        }
      }
    }
    return to;
  }

  /** Common length of [in x unit, (in + 1) x unit) and [out x span, (out + 1) x span). */
  private static long overlap(long in, long unit, long out, long span) {
    return Math.min((in + 1) * unit, (out + 1) * span) - Math.max(in * unit, out * span);
  }
}
