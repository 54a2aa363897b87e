package io.millrace.model.kernel;

/**
 * Pooling by its definition; letters as in {@link Pool2dShape}, c runs innermost everywhere.
 *
 * <p>Methods start at a channel {@code first}: the vector twin leaves the channels that do not fill
 * a vector to this one.
 */
final class ScalarPooling {
  private ScalarPooling() {}

  /** y = maximum of the window, argmax its place in x; see {@link Kernels#maxPoolForward}. */
  static void maxForward(
      Pool2dShape s, int first, float[] x, float[] y, int[] argmax, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          maxWindow(s, first, x, y, argmax, n, oh, ow);
        }
      }
    }
  }

  static void maxWindow(
      Pool2dShape s, int first, float[] x, float[] y, int[] argmax, int n, int oh, int ow) {
    int yPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
    boolean start = true;
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int kw = 0; kw < s.kw(); kw++) {
        int ih = oh * s.sh() - s.ph() + kh;
        int iw = ow * s.sw() - s.pw() + kw;
        if (onImage(s, ih, iw)) {
          int xPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.c();
          maxTap(first, s.c(), x, xPixel, y, argmax, yPixel, start);
          start = false;
        }
      }
    }
  }

  private static void maxTap(
      int first,
      int channels,
      float[] x,
      int xPixel,
      float[] y,
      int[] argmax,
      int yPixel,
      boolean start) {
    for (int c = first; c < channels; c++) {
      float value = x[xPixel + c];
      if (start || value > y[yPixel + c] || Float.isNaN(value)) {
        y[yPixel + c] = value;
        argmax[yPixel + c] = xPixel + c;
      }
    }
  }

  /** dx[argmax] += dy, in the order of oh, ow. */
  static void maxBackward(Pool2dShape s, float[] dy, int[] argmax, float[] dx, int from, int to) {
    int elements = s.oh() * s.ow() * s.c();
    for (int i = from * elements; i < to * elements; i++) {
      dx[argmax[i]] += dy[i];
    }
  }

  /** y = (0 + the sum of the window over kh, kw) * 1/(kh*kw). */
  static void averageForward(Pool2dShape s, int first, float[] x, float[] y, int from, int to) {
    float factor = averageFactor(s);
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int yPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
          for (int c = first; c < s.c(); c++) {
            y[yPixel + c] = 0;
          }
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int ih = oh * s.sh() - s.ph() + kh;
              int iw = ow * s.sw() - s.pw() + kw;
              if (onImage(s, ih, iw)) {
                int xPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.c();
                for (int c = first; c < s.c(); c++) {
                  y[yPixel + c] += x[xPixel + c];
                }
              }
            }
          }
          for (int c = first; c < s.c(); c++) {
            y[yPixel + c] *= factor;
          }
        }
      }
    }
  }

  /** dx += dy * 1/(kh*kw) at each input of the window; the product is rounded, then added. */
  static void averageBackward(Pool2dShape s, int first, float[] dy, float[] dx, int from, int to) {
    float factor = averageFactor(s);
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int dyPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int ih = oh * s.sh() - s.ph() + kh;
              int iw = ow * s.sw() - s.pw() + kw;
              if (onImage(s, ih, iw)) {
                int dxPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.c();
                for (int c = first; c < s.c(); c++) {
                  dx[dxPixel + c] += dy[dyPixel + c] * factor;
                }
              }
            }
          }
        }
      }
    }
  }

  static float averageFactor(Pool2dShape s) {
    return 1f / (s.kh() * s.kw());
  }

  private static boolean onImage(Pool2dShape s, int ih, int iw) {
    return ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw();
  }
}
