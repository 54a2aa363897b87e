package io.millrace.model.tensor;

/**
 * Turns unsigned bytes into what a network sees: (pixel / 255 - mean) / std for each channel.
 * Learner and predictor use this one, through a table of 256 values per channel, so that both see
 * the same bits.
 */
public final class PixelNormalization {
  private final float[] mean;
  private final float[] std;
  private final float[][] table;

  private PixelNormalization(float[] mean, float[] std) {
    this.mean = mean.clone();
    this.std = std.clone();
    this.table = new float[mean.length][256];
    for (int c = 0; c < mean.length; c++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        table[c][pixel] = (pixel / 255f - mean[c]) / std[c];
      }
    }
  }

  /**
   * A normalization with one mean and one standard deviation for each channel.
   *
   * @throws IllegalArgumentException if the lengths differ, a mean is not finite or a deviation is
   *     not above 0
   */
  public static PixelNormalization of(float[] mean, float[] std) {
    if (mean.length == 0 || mean.length != std.length) {
      throw new IllegalArgumentException(
          "normalization: expected as many means as standard deviations, got "
              + mean.length
              + " and "
              + std.length);
    }
    for (int c = 0; c < mean.length; c++) {
      if (!Float.isFinite(mean[c]) || !Float.isFinite(std[c]) || std[c] <= 0) {
        throw new IllegalArgumentException(
            "normalization: channel "
                + c
                + ": expected a finite mean and a standard deviation above 0, got "
                + mean[c]
                + " and "
                + std[c]);
      }
    }
    return new PixelNormalization(mean, std);
  }

  public int channels() {
    return mean.length;
  }

  public float[] mean() {
    return mean.clone();
  }

  public float[] std() {
    return std.clone();
  }

  /**
   * Normalizes one image.
   *
   * @param pixels unsigned bytes in [c][h][w] order, a whole number of planes
   * @param images where the numbers go, from {@code offset} on, in the same order
   */
  public void apply(byte[] pixels, float[] images, int offset) {
    if (pixels.length % table.length != 0) {
      throw new IllegalArgumentException(
          "normalization: expected a multiple of "
              + table.length
              + " pixels, got "
              + pixels.length);
    }
    int plane = pixels.length / table.length;
    for (int c = 0; c < table.length; c++) {
      float[] values = table[c];
      for (int i = c * plane; i < (c + 1) * plane; i++) {
        images[offset + i] = values[pixels[i] & 0xff];
      }
    }
  }
}
