package io.millrace.model.kernel;

import static io.millrace.model.kernel.ScalarRows.multiplyAdd;

/**
 * Convolution by its definition. Letters as in {@link Conv2dShape}: an output pixel (oh, ow) meets
 * the input pixel (oh*sh - ph + kh*dh, ow*sw - pw + kw*dw) at each tap (kh, kw) where that lies on
 * the image. At the other taps the weights' gradients meet a zero, and so do the passes of {@link
 * FewChannels} and of {@link Direct#padsForward}; the rest skip them.
 */
final class ScalarConvolution {
  private ScalarConvolution() {}

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, i of x[n][ih][iw][i] * packed[kh][kw][i][o]. */
  static void forward(
      Conv2dShape s, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int yPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
          forwardPixel(s, x, n, oh, ow, packed, bias, y, yPixel);
        }
      }
    }
  }

  /** One pixel of {@link #forward}, at {@code yPixel}. */
  static void forwardPixel(
      Conv2dShape s,
      float[] x,
      int n,
      int oh,
      int ow,
      float[] packed,
      float[] bias,
      float[] y,
      int yPixel) {
    boolean zeros = FewChannels.forward(s) || Direct.padsForward(s);
    System.arraycopy(bias, 0, y, yPixel, s.oc());
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int kw = 0; kw < s.kw(); kw++) {
        int ih = oh * s.sh() - s.ph() + kh * s.dh();
        int iw = ow * s.sw() - s.pw() + kw * s.dw();
        if (onImage(s, ih, iw)) {
          int xPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.ic();
          forwardTap(s, kh * s.kw() + kw, x, xPixel, packed, y, yPixel);
        } else if (zeros) {
          forwardZeros(s, kh * s.kw() + kw, packed, y, yPixel);
        }
      }
    }
  }

  private static void forwardTap(
      Conv2dShape s, int tap, float[] x, int xPixel, float[] packed, float[] y, int yPixel) {
    int inputs = s.groupInputs();
    int outputs = s.groupOutputs();
    for (int g = 0; g < s.groups(); g++) {
      int w = (g * s.kh() * s.kw() + tap) * inputs * outputs;
      for (int i = 0; i < inputs; i++) {
        float value = x[xPixel + g * inputs + i];
        multiplyAdd(value, packed, w + i * outputs, y, yPixel + g * outputs, outputs);
      }
    }
  }

  private static void forwardZeros(Conv2dShape s, int tap, float[] packed, float[] y, int yPixel) {
    for (int i = 0; i < s.ic(); i++) {
      multiplyAdd(0, packed, (tap * s.ic() + i) * s.oc(), y, yPixel, s.oc());
    }
  }

  /** dx[n][ih][iw][i] += sum over kh, kw, o of dy[n][oh][ow][o] * transposed[kh][kw][o][i]. */
  static void backwardInput(
      Conv2dShape s, float[] dy, float[] transposed, float[] dx, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int ih = 0; ih < s.ih(); ih++) {
        for (int iw = 0; iw < s.iw(); iw++) {
          int dxPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.ic();
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int oh = outputAt(ih + s.ph() - kh * s.dh(), s.sh(), s.oh());
              int ow = outputAt(iw + s.pw() - kw * s.dw(), s.sw(), s.ow());
              if (oh >= 0 && ow >= 0) {
                int dyPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
                backwardInputTap(s, kh * s.kw() + kw, dy, dyPixel, transposed, dx, dxPixel);
              }
            }
          }
        }
      }
    }
  }

  private static void backwardInputTap(
      Conv2dShape s,
      int tap,
      float[] dy,
      int dyPixel,
      float[] transposed,
      float[] dx,
      int dxPixel) {
    int inputs = s.groupInputs();
    int outputs = s.groupOutputs();
    for (int g = 0; g < s.groups(); g++) {
      int w = (g * s.kh() * s.kw() + tap) * inputs * outputs;
      for (int o = 0; o < outputs; o++) {
        float value = dy[dyPixel + g * outputs + o];
        multiplyAdd(value, transposed, w + o * inputs, dx, dxPixel + g * inputs, inputs);
      }
    }
  }

  /** dPacked[kh][kw][i][o] += sum over n, oh, ow of x[n][ih][iw][i] * dy[n][oh][ow][o]. */
  static void backwardWeight(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, int from, int to) {
    boolean columns = FewChannels.backwardWeightByTaps(s);
    int width = s.ow();
    int pixels = s.oh() * width;
    for (int n = from; n < to; n++) {
      for (int i = 0; i < pixels; i++) {
        int oh = columns ? i % s.oh() : i / width;
        int ow = columns ? i / s.oh() : i % width;
        backwardWeightPixel(s, x, dy, dPacked, n, oh, ow);
      }
    }
  }

  private static void backwardWeightPixel(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, int n, int oh, int ow) {
    int dyPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int kw = 0; kw < s.kw(); kw++) {
        int ih = oh * s.sh() - s.ph() + kh * s.dh();
        int iw = ow * s.sw() - s.pw() + kw * s.dw();
        if (onImage(s, ih, iw)) {
          int xPixel = ((n * s.ih() + ih) * s.iw() + iw) * s.ic();
          backwardWeightTap(s, kh * s.kw() + kw, x, xPixel, dy, dyPixel, dPacked);
        } else {
          backwardWeightZeros(s, kh * s.kw() + kw, dy, dyPixel, dPacked);
        }
      }
    }
  }

  private static void backwardWeightTap(
      Conv2dShape s, int tap, float[] x, int xPixel, float[] dy, int dyPixel, float[] dPacked) {
    int inputs = s.groupInputs();
    int outputs = s.groupOutputs();
    for (int g = 0; g < s.groups(); g++) {
      int w = (g * s.kh() * s.kw() + tap) * inputs * outputs;
      for (int i = 0; i < inputs; i++) {
        float value = x[xPixel + g * inputs + i];
        multiplyAdd(value, dy, dyPixel + g * outputs, dPacked, w + i * outputs, outputs);
      }
    }
  }

  private static void backwardWeightZeros(
      Conv2dShape s, int tap, float[] dy, int dyPixel, float[] dPacked) {
    int inputs = s.groupInputs();
    int outputs = s.groupOutputs();
    for (int g = 0; g < s.groups(); g++) {
      int w = (g * s.kh() * s.kw() + tap) * inputs * outputs;
      for (int i = 0; i < inputs; i++) {
        multiplyAdd(0, dy, dyPixel + g * outputs, dPacked, w + i * outputs, outputs);
      }
    }
  }

  private static boolean onImage(Conv2dShape s, int ih, int iw) {
    return ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw();
  }

  /** The output whose window starts {@code distance} before, or -1 if there is none. */
  private static int outputAt(int distance, int stride, int extent) {
    return distance >= 0 && distance % stride == 0 && distance / stride < extent
        ? distance / stride
        : -1;
  }
}
