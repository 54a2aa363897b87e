package io.millrace.model.kernel;

/**
 * Rows of channels, one float at a time; see {@link Kernels} for the formulas. Inner loops run
 * across channels, so that C2 may vectorise them.
 *
 * <p>Each method starts at a channel {@code first}: the vector twin leaves the channels that do not
 * fill a vector to this one.
 */
final class ScalarRows {
  /** Chains of a sum over rows with fewer channels than that. */
  static final int CHAINS = 16;

  private ScalarRows() {}

  /** c[j] = a * b[j] + c[j], fused. */
  static void multiplyAdd(float a, float[] b, int bFrom, float[] c, int cFrom, int count) {
    for (int j = 0; j < count; j++) {
      c[cFrom + j] = Math.fma(a, b[bFrom + j], c[cFrom + j]);
    }
  }

  /** Whether a sum has several chains: with fewer channels lanes would run mostly empty. */
  static boolean interleaves(int channels) {
    return channels < CHAINS;
  }

  /** sums[c] += chain 0, then chain 1 and so on; a chain sums every sixteenth row from 0 on. */
  static void sumInterleaved(int channels, float[] x, float[] sums, int from, int to) {
    for (int c = 0; c < channels; c++) {
      for (int chain = 0; chain < CHAINS; chain++) {
        float sum = 0;
        for (int row = from + chain; row < to; row += CHAINS) {
          sum += x[row * channels + c];
        }
        sums[c] += sum;
      }
    }
  }

  static void sum(int first, int channels, float[] x, float[] sums, int from, int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        sums[c] += x[row * channels + c];
      }
    }
  }

  static void sumSquaredDeviations(
      int first, int channels, float[] x, float[] mean, float[] sums, int from, int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        float deviation = x[row * channels + c] - mean[c];
        sums[c] = Math.fma(deviation, deviation, sums[c]);
      }
    }
  }

  /** dy = y > 0 ? dy : 0, element by element. */
  static void passRelu(float[] y, float[] dy, int from, int to) {
    for (int i = from; i < to; i++) {
      dy[i] = y[i] > 0 ? dy[i] : 0;
    }
  }

  static void sumGradients(
      int first,
      int channels,
      float[] x,
      float[] mean,
      float[] y,
      float[] dy,
      float[] sums,
      float[] products,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        if (y.length > 0) {
          dy[i] = y[i] > 0 ? dy[i] : 0;
        }
        sums[c] += dy[i];
        products[c] = Math.fma(dy[i], x[i] - mean[c], products[c]);
      }
    }
  }

  static void normalize(
      int first,
      int channels,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] shortcut,
      boolean relu,
      float[] y,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        float value = Math.fma(x[i] - mean[c], scale[c], shift[c]);
        if (shortcut.length > 0) {
          value += shortcut[i];
        }
        y[i] = relu && value <= 0 ? 0 : value;
      }
    }
  }

  static void normalizeBackward(
      int first,
      int channels,
      float[] x,
      float[] mean,
      float[] dy,
      float[] a,
      float[] b,
      float[] k,
      boolean add,
      float[] dx,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        float gradient = Math.fma(dy[i], a[c], Math.fma(x[i] - mean[c], b[c], k[c]));
        dx[i] = add ? dx[i] + gradient : gradient;
      }
    }
  }
}
