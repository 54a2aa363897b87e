package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution: one filter a channel, lanes across channels. Weights are [kh][kw][c], and
 * c counts the channels of input and output alike. The channels that do not fill a vector go to the
 * scalar twin.
 */
final class VectorDepthwise {
  private VectorDepthwise() {}

  /** y[n][oh][ow][c] = bias[c] + sum over kh, kw of x[n][ih][iw][c] * packed[kh][kw][c]. */
  static void forward(
      Conv2dShape s, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    int whole = SPECIES.loopBound(s.oc());
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
          for (int c = 0; c < whole; c += LANES) {
            forwardPixel(s, x, packed, bias, n, oh, ow, c, y, pixel + c);
          }
        }
      }
    }
    if (whole < s.oc()) {
      ScalarDepthwise.forward(s, whole, x, packed, bias, y, from, to);
    }
  }

  private static void forwardPixel(
      Conv2dShape s,
      float[] x,
      float[] packed,
      float[] bias,
      int n,
      int oh,
      int ow,
      int c,
      float[] y,
      int yAt) {
    FloatVector sum = FloatVector.fromArray(SPECIES, bias, c);
    for (int kh = 0; kh < s.kh(); kh++) {
      int ih = oh * s.sh() - s.ph() + kh * s.dh();
      for (int kw = 0; kw < s.kw(); kw++) {
        int iw = ow * s.sw() - s.pw() + kw * s.dw();
        if (ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw()) {
          int at = ((n * s.ih() + ih) * s.iw() + iw) * s.ic() + c;
          FloatVector value = FloatVector.fromArray(SPECIES, x, at);
          int tap = (kh * s.kw() + kw) * s.oc() + c;
          sum = value.fma(FloatVector.fromArray(SPECIES, packed, tap), sum);
        }
      }
    }
    sum.intoArray(y, yAt);
  }

  /** dx[n][ih][iw][c] += sum over kh, kw of dy[n][oh][ow][c] * transposed[kh][kw][c]. */
  static void backwardInput(
      Conv2dShape s, float[] dy, float[] transposed, float[] dx, int from, int to) {
    int whole = SPECIES.loopBound(s.oc());
    // Each dx adds up its taps in the order of kh, kw, so these are the outer loops.
    for (int n = from; n < to; n++) {
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int kw = 0; kw < s.kw(); kw++) {
          for (int oh = 0; oh < s.oh(); oh++) {
            int ih = oh * s.sh() - s.ph() + kh * s.dh();
            if (ih >= 0 && ih < s.ih()) {
              int dxRow = (n * s.ih() + ih) * s.iw();
              int dyRow = (n * s.oh() + oh) * s.ow();
              backwardInputRow(s, dy, dyRow, transposed, kh, kw, dx, dxRow);
            }
          }
        }
      }
    }
    if (whole < s.oc()) {
      ScalarDepthwise.backwardInput(s, whole, dy, transposed, dx, from, to);
    }
  }

  private static void backwardInputRow(
      Conv2dShape s,
      float[] dy,
      int dyRow,
      float[] transposed,
      int kh,
      int kw,
      float[] dx,
      int dxRow) {
    int whole = SPECIES.loopBound(s.oc());
    for (int c = 0; c < whole; c += LANES) {
      int tap = (kh * s.kw() + kw) * s.oc() + c;
      FloatVector weight = FloatVector.fromArray(SPECIES, transposed, tap);
      for (int ow = 0; ow < s.ow(); ow++) {
        int iw = ow * s.sw() - s.pw() + kw * s.dw();
        if (iw >= 0 && iw < s.iw()) {
          int at = (dxRow + iw) * s.ic() + c;
          FloatVector sum = FloatVector.fromArray(SPECIES, dx, at);
          FloatVector value = FloatVector.fromArray(SPECIES, dy, (dyRow + ow) * s.oc() + c);
          value.fma(weight, sum).intoArray(dx, at);
        }
      }
    }
  }

  /** dPacked[kh][kw][c] += sum over n, oh, ow of x[n][ih][iw][c] * dy[n][oh][ow][c]. */
  static void backwardWeight(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, int from, int to) {
    int whole = SPECIES.loopBound(s.oc());
    for (int n = from; n < to; n++) {
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int kw = 0; kw < s.kw(); kw++) {
          for (int c = 0; c < whole; c += LANES) {
            backwardWeightImage(s, x, dy, n, kh, kw, c, dPacked);
          }
        }
      }
    }
    if (whole < s.oc()) {
      ScalarDepthwise.backwardWeight(s, whole, x, dy, dPacked, from, to);
    }
  }

  private static void backwardWeightImage(
      Conv2dShape s, float[] x, float[] dy, int n, int kh, int kw, int c, float[] dPacked) {
    int tap = (kh * s.kw() + kw) * s.oc() + c;
    FloatVector sum = FloatVector.fromArray(SPECIES, dPacked, tap);
    for (int oh = 0; oh < s.oh(); oh++) {
      int ih = oh * s.sh() - s.ph() + kh * s.dh();
      if (ih >= 0 && ih < s.ih()) {
        int xRow = (n * s.ih() + ih) * s.iw();
        int dyRow = (n * s.oh() + oh) * s.ow();
        for (int ow = 0; ow < s.ow(); ow++) {
          int iw = ow * s.sw() - s.pw() + kw * s.dw();
          if (iw >= 0 && iw < s.iw()) {
            FloatVector value = FloatVector.fromArray(SPECIES, x, (xRow + iw) * s.ic() + c);
            FloatVector gradient = FloatVector.fromArray(SPECIES, dy, (dyRow + ow) * s.oc() + c);
            sum = value.fma(gradient, sum);
          }
        }
      }
    }
    sum.intoArray(dPacked, tap);
  }
}
