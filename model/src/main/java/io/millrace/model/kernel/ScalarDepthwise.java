package io.millrace.model.kernel;

/**
 * Depthwise convolution by its definition: one filter a channel. Weights are [kh][kw][c], and c
 * counts the channels of input and output alike. Each method starts at a channel {@code first}: the
 * vector twin leaves the channels that do not fill a vector to this one.
 */
final class ScalarDepthwise {
  private ScalarDepthwise() {}

  /** y[n][oh][ow][c] = bias[c] + sum over kh, kw of x[n][ih][iw][c] * packed[kh][kw][c]. */
  static void forward(
      Conv2dShape s,
      int first,
      float[] x,
      float[] packed,
      float[] bias,
      float[] y,
      int from,
      int to) {
    int channels = s.oc();
    for (int pixel = from * s.oh() * s.ow(); pixel < to * s.oh() * s.ow(); pixel++) {
      System.arraycopy(bias, first, y, pixel * channels + first, channels - first);
      for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
        int xPixel = inputPixel(s, pixel, tap);
        if (xPixel >= 0) {
          for (int c = first; c < channels; c++) {
            int i = pixel * channels + c;
            y[i] = Math.fma(x[xPixel * channels + c], packed[tap * channels + c], y[i]);
          }
        }
      }
    }
  }

  /** dx[n][ih][iw][c] += sum over kh, kw of dy[n][oh][ow][c] * transposed[kh][kw][c]. */
  static void backwardInput(
      Conv2dShape s, int first, float[] dy, float[] transposed, float[] dx, int from, int to) {
    int channels = s.oc();
    // An input meets each tap at one output at most: with taps outermost its order is kh, kw.
    for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
      for (int pixel = from * s.oh() * s.ow(); pixel < to * s.oh() * s.ow(); pixel++) {
        int dxPixel = inputPixel(s, pixel, tap);
        if (dxPixel >= 0) {
          for (int c = first; c < channels; c++) {
            int i = dxPixel * channels + c;
            dx[i] = Math.fma(dy[pixel * channels + c], transposed[tap * channels + c], dx[i]);
          }
        }
      }
    }
  }

  /** dPacked[kh][kw][c] += sum over n, oh, ow of x[n][ih][iw][c] * dy[n][oh][ow][c]. */
  static void backwardWeight(
      Conv2dShape s, int first, float[] x, float[] dy, float[] dPacked, int from, int to) {
    int channels = s.oc();
    for (int tap = 0; tap < s.kh() * s.kw(); tap++) {
      for (int pixel = from * s.oh() * s.ow(); pixel < to * s.oh() * s.ow(); pixel++) {
        int xPixel = inputPixel(s, pixel, tap);
        if (xPixel >= 0) {
          for (int c = first; c < channels; c++) {
            int i = tap * channels + c;
            dPacked[i] = Math.fma(x[xPixel * channels + c], dy[pixel * channels + c], dPacked[i]);
          }
        }
      }
    }
  }

  /** The input pixel that an output pixel meets at a tap, both counted over [n][h][w], or -1. */
  static int inputPixel(Conv2dShape s, int outputPixel, int tap) {
    int n = outputPixel / (s.oh() * s.ow());
    int oh = outputPixel / s.ow() % s.oh();
    int ow = outputPixel % s.ow();
    int ih = oh * s.sh() - s.ph() + tap / s.kw() * s.dh();
    int iw = ow * s.sw() - s.pw() + tap % s.kw() * s.dw();
    return ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw() ? (n * s.ih() + ih) * s.iw() + iw : -1;
  }
}
