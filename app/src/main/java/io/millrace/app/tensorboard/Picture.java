package io.millrace.app.tensorboard;

import io.millrace.ConvolutionFilters;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * A picture as a PNG file.
 *
 * @param channels 1 for gray, 3 for colors
 */
record Picture(int height, int width, int channels, byte[] png) {

  /** Pixels that a weight is wide. */
  private static final int SCALE = 8;

  private static final int GAP = 2;
  private static final int COLORS = 3;

  /**
   * Filters side by side in a square. Those of three channels are colors, of others the first
   * channel is shown. Each filter reaches from black to white by itself, with 0 as the middle gray.
   */
  static Picture of(ConvolutionFilters filters) {
    int outChannels = filters.getShape().get(0);
    int inChannels = filters.getShape().get(1);
    int filterHeight = filters.getShape().get(2);
    int filterWidth = filters.getShape().get(3);
    int columns = (int) Math.ceil(Math.sqrt(outChannels));
    int rows = Math.ceilDiv(outChannels, columns);
    int cellHeight = filterHeight * SCALE + GAP;
    int cellWidth = filterWidth * SCALE + GAP;
    boolean color = inChannels == COLORS;
    BufferedImage image =
        new BufferedImage(
            columns * cellWidth - GAP,
            rows * cellHeight - GAP,
            color ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_BYTE_GRAY);
    int plane = filterHeight * filterWidth;
    for (int filter = 0; filter < outChannels; filter++) {
      List<Float> weights =
          filters
              .getValues()
              .subList(filter * inChannels * plane, (filter + 1) * inChannels * plane);
      double largest = largest(weights);
      int left = filter % columns * cellWidth;
      int top = filter / columns * cellHeight;
      for (int y = 0; y < filterHeight * SCALE; y++) {
        for (int x = 0; x < filterWidth * SCALE; x++) {
          int at = y / SCALE * filterWidth + x / SCALE;
          int[] pixel = new int[color ? COLORS : 1];
          for (int channel = 0; channel < pixel.length; channel++) {
            pixel[channel] = gray(weights.get(channel * plane + at), largest);
          }
          image.getRaster().setPixel(left + x, top + y, pixel);
        }
      }
    }
    return new Picture(image.getHeight(), image.getWidth(), color ? COLORS : 1, png(image));
  }

  private static double largest(List<Float> weights) {
    double largest = 0;
    for (float weight : weights) {
      if (Float.isFinite(weight)) {
        largest = Math.max(largest, Math.abs(weight));
      }
    }
    return largest;
  }

  private static int gray(float weight, double largest) {
    double share = largest == 0 || !Float.isFinite(weight) ? 0 : weight / largest;
    return (int) Math.round(127.5 + 127.5 * share);
  }

  private static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IllegalStateException("PNG: expected a writer in the JDK, got none");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }
}
