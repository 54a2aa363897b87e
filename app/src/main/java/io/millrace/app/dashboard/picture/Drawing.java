package io.millrace.app.dashboard.picture;

import io.millrace.app.data.ScaledSource;
import io.millrace.model.tensor.Shape;
import io.millrace.topology.decode.PictureReader;
import io.millrace.topology.decode.PictureReader.Format;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;

/**
 * Makes of any picture what a network is used to see. For one of a single channel: light on black
 * as in MNIST and Fashion-MNIST, cut out, its longest side fitted into the input with a small edge,
 * in the middle. For one of three channels: the largest square of the middle, scaled.
 */
public final class Drawing {
  /** Pixels that a header may promise. */
  private static final int MAX_PIXELS = 16 << 20;

  private static final int INK = 24;

  /** Of the input's side, on each side of the picture. */
  private static final double EDGE = 1 / 14.0;

  private Drawing() {}

  /**
   * The pixels for a network.
   *
   * @param input [channels, height, width], of 1 or 3 channels
   * @return unsigned bytes in [channel][height][width] order
   * @throws IOException if the bytes are not a whole picture, or it is too large
   */
  public static byte[] fit(Format format, byte[] data, Shape input) throws IOException {
    BufferedImage picture = PictureReader.read(format, data, Drawing::requireSmall);
    int height = input.extent(1);
    int width = input.extent(2);
    return input.extent(0) == 1
        ? gray(new Gray(picture), height, width)
        : color(Pixels.of(picture), height, width);
  }

  private static void requireSmall(int width, int height) throws IOException {
    if ((long) width * height > MAX_PIXELS) {
      throw new IOException(
          "expected at most " + MAX_PIXELS + " pixels, got " + width + " x " + height);
    }
  }

  private static byte[] gray(Gray picture, int height, int width) {
    picture.turnLightOnBlack();
    int[] box = picture.box();
    int boxHeight = box[1] - box[0];
    int boxWidth = box[3] - box[2];
    int innerHeight = height - 2 * (int) Math.round(height * EDGE);
    int innerWidth = width - 2 * (int) Math.round(width * EDGE);
    double scale = Math.min((double) innerHeight / boxHeight, (double) innerWidth / boxWidth);
    int toHeight = Math.clamp(Math.round(boxHeight * scale), 1, height);
    int toWidth = Math.clamp(Math.round(boxWidth * scale), 1, width);
    byte[] scaled = ScaledSource.scale(picture.cut(box), 1, boxHeight, boxWidth, toHeight, toWidth);
    byte[] pixels = new byte[height * width];
    int top = (height - toHeight) / 2;
    int left = (width - toWidth) / 2;
    for (int y = 0; y < toHeight; y++) {
      System.arraycopy(scaled, y * toWidth, pixels, (top + y) * width + left, toWidth);
    }
    return pixels;
  }

  private static byte[] color(Pixels picture, int height, int width) {
    int side = Math.min(picture.height(), picture.width());
    int top = (picture.height() - side) / 2;
    int left = (picture.width() - side) / 2;
    byte[] square = new byte[3 * side * side];
    for (int c = 0; c < 3; c++) {
      int plane = picture.channels() == 1 ? 0 : c;
      for (int y = 0; y < side; y++) {
        int from = (plane * picture.height() + top + y) * picture.width() + left;
        System.arraycopy(picture.planes(), from, square, (c * side + y) * side, side);
      }
    }
    return ScaledSource.scale(square, 3, side, side, height, width);
  }

  /** A picture in shades of gray, transparency filled with what its ink stands out from. */
  private static final class Gray {
    private final int height;
    private final int width;
    private final int[] luma;

    Gray(BufferedImage picture) {
      height = picture.getHeight();
      width = picture.getWidth();
      luma = new int[height * width];
      Pixels pixels = Pixels.of(picture);
      byte[] planes = pixels.planes();
      int plane = height * width;
      long ink = 0;
      long opaque = 0;
      int[] alpha = alphas(picture);
      for (int i = 0; i < plane; i++) {
        // ITU-R BT.601
        luma[i] =
            pixels.channels() == 1
                ? planes[i] & 0xff
                : (299 * (planes[i] & 0xff)
                        + 587 * (planes[plane + i] & 0xff)
                        + 114 * (planes[2 * plane + i] & 0xff)
                        + 500)
                    / 1000;
        ink += (long) luma[i] * alpha[i];
        opaque += alpha[i];
      }
      int ground = opaque > 0 && ink / opaque > 127 ? 0 : 255;
      for (int i = 0; i < plane; i++) {
        luma[i] = (luma[i] * alpha[i] + ground * (255 - alpha[i])) / 255;
      }
    }

    private static int[] alphas(BufferedImage picture) {
      int[] alpha = new int[picture.getHeight() * picture.getWidth()];
      if (!picture.getColorModel().hasAlpha()) {
        Arrays.fill(alpha, 255);
        return alpha;
      }
      for (int y = 0; y < picture.getHeight(); y++) {
        for (int x = 0; x < picture.getWidth(); x++) {
          alpha[y * picture.getWidth() + x] = picture.getRGB(x, y) >>> 24;
        }
      }
      return alpha;
    }

    /** The edge shows what the ground is. */
    void turnLightOnBlack() {
      long edge = 0;
      for (int x = 0; x < width; x++) {
        edge += luma[x] + luma[(height - 1) * width + x];
      }
      for (int y = 0; y < height; y++) {
        edge += luma[y * width] + luma[y * width + width - 1];
      }
      if (edge > 127L * 2 * (height + width)) {
        for (int i = 0; i < luma.length; i++) {
          luma[i] = 255 - luma[i];
        }
      }
    }

    /** First and last row, first and last column of what is drawn; the last ones exclusive. */
    int[] box() {
      int top = height;
      int bottom = 0;
      int left = width;
      int right = 0;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          if (luma[y * width + x] > INK) {
            top = Math.min(top, y);
            bottom = Math.max(bottom, y + 1);
            left = Math.min(left, x);
            right = Math.max(right, x + 1);
          }
        }
      }
      return bottom == 0 ? new int[] {0, height, 0, width} : new int[] {top, bottom, left, right};
    }

    byte[] cut(int[] box) {
      int boxWidth = box[3] - box[2];
      byte[] cut = new byte[(box[1] - box[0]) * boxWidth];
      for (int y = box[0]; y < box[1]; y++) {
        for (int x = box[2]; x < box[3]; x++) {
          cut[(y - box[0]) * boxWidth + x - box[2]] = (byte) luma[y * width + x];
        }
      }
      return cut;
    }
  }
}
