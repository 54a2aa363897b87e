package io.millrace.model.kernel;

/**
 * Rows of channels, one float at a time; see {@link Kernels} for the formulas. Inner loops run
 * across channels, so that C2 may vectorise them.
 *
 * <p>Each method starts at a channel {@code first}: the vector twin leaves the channels that do not
 * fill a vector to this one.
 */
final class ScalarRows {
  private ScalarRows() {}

  /** c[j] = a * b[j] + c[j], fused. */
  static void multiplyAdd(float a, float[] b, int bFrom, float[] c, int cFrom, int count) {
    for (int j = 0; j < count; j++) {
      c[cFrom + j] = Math.fma(a, b[bFrom + j], c[cFrom + j]);
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

  static void sumProductDeviations(
      int first,
      int channels,
      float[] x,
      float[] mean,
      float[] dy,
      float[] sums,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        sums[c] = Math.fma(dy[i], x[i] - mean[c], sums[c]);
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
      float[] y,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        y[i] = Math.fma(x[i] - mean[c], scale[c], shift[c]);
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
      float[] dx,
      int from,
      int to) {
    for (int row = from; row < to; row++) {
      for (int c = first; c < channels; c++) {
        int i = row * channels + c;
        dx[i] += Math.fma(dy[i], a[c], Math.fma(x[i] - mean[c], b[c], k[c]));
      }
    }
  }
}
