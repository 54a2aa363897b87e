package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution: one filter a channel, lanes across channels. Weights are [kh][kw][c], and
 * c counts the channels of input and output alike. The channels that do not fill a vector go to the
 * scalar twin. One instance per thread.
 *
 * <p>Results of a row that meet the same taps are computed in one loop; where these are 3x3, their
 * weights stay in registers.
 */
final class VectorDepthwise {
  private static final ThreadLocal<VectorDepthwise> LOCAL =
      ThreadLocal.withInitial(VectorDepthwise::new);

  private final TapAxis height = new TapAxis();
  private final TapAxis width = new TapAxis();

  private VectorDepthwise() {}

  /** The calling thread's own instance. */
  static VectorDepthwise local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][c] = bias[c] + sum over kh, kw of x[n][ih][iw][c] * packed[kh][kw][c]. */
  void forward(
      Conv2dShape s, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    forwardAxes(s);
    for (int n = from; n < to; n++) {
      int source = n * s.ih() * s.iw() * s.ic();
      int result = n * s.oh() * s.ow() * s.oc();
      gather(s, x, source, s.iw(), packed, bias, 0, 0, y, result, s.ow());
    }
    int whole = SPECIES.loopBound(s.oc());
    if (whole < s.oc()) {
      ScalarDepthwise.forward(s, whole, x, packed, bias, y, from, to);
    }
  }

  /** dx[n][ih][iw][c] += sum over kh, kw of dy[n][oh][ow][c] * transposed[kh][kw][c]. */
  void backwardInput(Conv2dShape s, float[] dy, float[] transposed, float[] dx, int from, int to) {
    for (int h = 0; h < s.sh(); h++) {
      height.backward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh(), h);
      for (int w = 0; w < s.sw(); w++) {
        width.backward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw(), w);
        for (int n = from; n < to; n++) {
          int source = n * s.oh() * s.ow() * s.oc();
          int result = n * s.ih() * s.iw() * s.ic();
          gather(s, dy, source, s.ow(), transposed, dx, result, s.ic(), dx, result, s.iw());
        }
      }
    }
    int whole = SPECIES.loopBound(s.oc());
    if (whole < s.oc()) {
      ScalarDepthwise.backwardInput(s, whole, dy, transposed, dx, from, to);
    }
  }

  private void forwardAxes(Conv2dShape s) {
    height.forward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh());
    width.forward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw());
  }

  /**
   * One image: result[h][w][c] = start + sum over the taps of source * weights. Start has a pixel
   * every so many floats; none apart, it is the bias.
   */
  private void gather(
      Conv2dShape s,
      float[] source,
      int sourceFrom,
      int sourceWidth,
      float[] weights,
      float[] start,
      int startFrom,
      int startStep,
      float[] result,
      int resultFrom,
      int resultWidth) {
    int channels = s.oc();
    for (int h = 0; h < height.count; h++) {
      int firstH = height.firstTap(h);
      int tapsH = height.endTap(h) - firstH;
      for (int w = 0, wEnd; w < width.count; w = wEnd) {
        wEnd = width.endOfRun(w);
        int firstW = width.firstTap(w);
        int tapsW = width.endTap(w) - firstW;
        int pixel = (height.start + h * height.step) * resultWidth + width.start + w * width.step;
        int at = height.source(h, firstH) * sourceWidth + width.source(w, firstW);
        int tapH = height.tapStart + firstH * height.tapStep;
        int tapW = width.tapStart + firstW * width.tapStep;
        pixels(
            tapsW == 0 ? 0 : tapsH,
            tapsW,
            SPECIES.loopBound(channels),
            source,
            sourceFrom + at * channels,
            height.tapStride() * sourceWidth * channels,
            width.tapStride() * channels,
            width.stride() * channels,
            weights,
            (tapH * s.kw() + tapW) * channels,
            height.tapStep * s.kw() * channels,
            width.tapStep * channels,
            start,
            startFrom + pixel * startStep,
            width.step * startStep,
            result,
            resultFrom + pixel * channels,
            width.step * channels,
            wEnd - w);
      }
    }
  }

  /** Result pixels at equal distances that meet the same taps, so many down by so many right. */
  private static void pixels(
      int tapsDown,
      int tapsRight,
      int channels,
      float[] source,
      int at,
      int down,
      int right,
      int step,
      float[] weights,
      int weightAt,
      int weightDown,
      int weightRight,
      float[] start,
      int startAt,
      int startStep,
      float[] result,
      int resultAt,
      int resultStep,
      int count) {
    for (int c = 0; c < channels; c += LANES) {
      if (tapsDown == 3 && tapsRight == 3) {
        nineTaps(
            source,
            at + c,
            down,
            right,
            step,
            weights,
            weightAt + c,
            weightDown,
            weightRight,
            start,
            startAt + c,
            startStep,
            result,
            resultAt + c,
            resultStep,
            count);
      } else {
        for (int i = 0; i < count; i++) {
          FloatVector sum = load(start, startAt + i * startStep + c);
          for (int h = 0; h < tapsDown; h++) {
            int from = at + h * down + i * step + c;
            int weight = weightAt + h * weightDown + c;
            for (int w = 0; w < tapsRight; w++) {
              sum = load(source, from).fma(load(weights, weight), sum);
              from += right;
              weight += weightRight;
            }
          }
          sum.intoArray(result, resultAt + i * resultStep + c);
        }
      }
    }
  }

  private static void nineTaps(
      float[] source,
      int at,
      int down,
      int right,
      int step,
      float[] weights,
      int weight,
      int weightDown,
      int weightRight,
      float[] start,
      int startAt,
      int startStep,
      float[] result,
      int resultAt,
      int resultStep,
      int count) {
    FloatVector w00 = load(weights, weight);
    FloatVector w01 = load(weights, weight + 1 * weightRight);
    FloatVector w02 = load(weights, weight + 2 * weightRight);
    FloatVector w10 = load(weights, weight + 1 * weightDown);
    FloatVector w11 = load(weights, weight + 1 * weightDown + 1 * weightRight);
    FloatVector w12 = load(weights, weight + 1 * weightDown + 2 * weightRight);
    FloatVector w20 = load(weights, weight + 2 * weightDown);
    FloatVector w21 = load(weights, weight + 2 * weightDown + 1 * weightRight);
    FloatVector w22 = load(weights, weight + 2 * weightDown + 2 * weightRight);
    int second = at + down;
    int third = second + down;
    int twice = 2 * right;
    for (int i = 0; i < count; i++) {
      int from = i * step;
      FloatVector sum = load(start, startAt + i * startStep);
      sum = load(source, at + from).fma(w00, sum);
      sum = load(source, at + from + right).fma(w01, sum);
      sum = load(source, at + from + twice).fma(w02, sum);
      sum = load(source, second + from).fma(w10, sum);
      sum = load(source, second + from + right).fma(w11, sum);
      sum = load(source, second + from + twice).fma(w12, sum);
      sum = load(source, third + from).fma(w20, sum);
      sum = load(source, third + from + right).fma(w21, sum);
      sum = load(source, third + from + twice).fma(w22, sum);
      sum.intoArray(result, resultAt + i * resultStep);
    }
  }

  /** dPacked[kh][kw][c] += sum over n, oh, ow of x[n][ih][iw][c] * dy[n][oh][ow][c]. */
  void backwardWeight(Conv2dShape s, float[] x, float[] dy, float[] dPacked, int from, int to) {
    forwardAxes(s);
    int channels = s.oc();
    for (int n = from; n < to; n++) {
      for (int h = 0; h < height.count; h++) {
        for (int w = 0, wEnd; w < width.count; w = wEnd) {
          wEnd = width.endOfRun(w);
          int firstH = height.firstTap(h);
          int firstW = width.firstTap(w);
          int row = n * s.ih() + height.source(h, firstH);
          addTaps(
              height.endTap(h) - firstH,
              width.endTap(w) - firstW,
              SPECIES.loopBound(channels),
              x,
              (row * s.iw() + width.source(w, firstW)) * channels,
              height.tapStride() * s.iw() * channels,
              width.tapStride() * channels,
              width.stride() * channels,
              dy,
              ((n * s.oh() + h) * s.ow() + w) * channels,
              channels,
              dPacked,
              (firstH * s.kw() + firstW) * channels,
              s.kw() * channels,
              channels,
              wEnd - w);
        }
      }
    }
    int whole = SPECIES.loopBound(channels);
    if (whole < channels) {
      ScalarDepthwise.backwardWeight(s, whole, x, dy, dPacked, from, to);
    }
  }

  /** What pixels at equal distances add to the weights of the taps that all of them meet. */
  private static void addTaps(
      int tapsDown,
      int tapsRight,
      int channels,
      float[] x,
      int at,
      int down,
      int right,
      int step,
      float[] dy,
      int dyAt,
      int dyStep,
      float[] dPacked,
      int tapAt,
      int tapDown,
      int tapRight,
      int count) {
    for (int c = 0; c < channels; c += LANES) {
      if (tapsDown == 3 && tapsRight == 3) {
        addNineTaps(
            x, at + c, down, right, step, dy, dyAt + c, dyStep, dPacked, tapAt + c, tapDown,
            tapRight, count);
      } else {
        for (int h = 0; h < tapsDown; h++) {
          for (int w = 0; w < tapsRight; w++) {
            int from = at + h * down + w * right + c;
            int tap = tapAt + h * tapDown + w * tapRight + c;
            FloatVector sum = load(dPacked, tap);
            for (int i = 0; i < count; i++) {
              sum = load(x, from + i * step).fma(load(dy, dyAt + i * dyStep + c), sum);
            }
            sum.intoArray(dPacked, tap);
          }
        }
      }
    }
  }

  private static void addNineTaps(
      float[] x,
      int at,
      int down,
      int right,
      int step,
      float[] dy,
      int dyAt,
      int dyStep,
      float[] dPacked,
      int tap,
      int tapDown,
      int tapRight,
      int count) {
    FloatVector s00 = load(dPacked, tap);
    FloatVector s01 = load(dPacked, tap + 1 * tapRight);
    FloatVector s02 = load(dPacked, tap + 2 * tapRight);
    FloatVector s10 = load(dPacked, tap + 1 * tapDown);
    FloatVector s11 = load(dPacked, tap + 1 * tapDown + 1 * tapRight);
    FloatVector s12 = load(dPacked, tap + 1 * tapDown + 2 * tapRight);
    FloatVector s20 = load(dPacked, tap + 2 * tapDown);
    FloatVector s21 = load(dPacked, tap + 2 * tapDown + 1 * tapRight);
    FloatVector s22 = load(dPacked, tap + 2 * tapDown + 2 * tapRight);
    int second = at + down;
    int third = second + down;
    int twice = 2 * right;
    for (int i = 0; i < count; i++) {
      int from = i * step;
      FloatVector gradient = load(dy, dyAt + i * dyStep);
      s00 = load(x, at + from).fma(gradient, s00);
      s01 = load(x, at + from + right).fma(gradient, s01);
      s02 = load(x, at + from + twice).fma(gradient, s02);
      s10 = load(x, second + from).fma(gradient, s10);
      s11 = load(x, second + from + right).fma(gradient, s11);
      s12 = load(x, second + from + twice).fma(gradient, s12);
      s20 = load(x, third + from).fma(gradient, s20);
      s21 = load(x, third + from + right).fma(gradient, s21);
      s22 = load(x, third + from + twice).fma(gradient, s22);
    }
    s00.intoArray(dPacked, tap);
    s01.intoArray(dPacked, tap + 1 * tapRight);
    s02.intoArray(dPacked, tap + 2 * tapRight);
    s10.intoArray(dPacked, tap + 1 * tapDown);
    s11.intoArray(dPacked, tap + 1 * tapDown + 1 * tapRight);
    s12.intoArray(dPacked, tap + 1 * tapDown + 2 * tapRight);
    s20.intoArray(dPacked, tap + 2 * tapDown);
    s21.intoArray(dPacked, tap + 2 * tapDown + 1 * tapRight);
    s22.intoArray(dPacked, tap + 2 * tapDown + 2 * tapRight);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
