package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of channels with lanes across channels; see {@link Kernels} for the formulas. The channels
 * that do not fill a vector go to the scalar twin.
 */
final class VectorRows {
  private static final ThreadLocal<float[]> CHAINS =
      ThreadLocal.withInitial(() -> new float[ScalarRows.CHAINS * ScalarRows.CHAINS]);

  private VectorRows() {}

  static void sum(int channels, float[] x, float[] sums, int from, int to) {
    if (ScalarRows.interleaves(channels)) {
      sumInterleaved(channels, x, sums, from, to);
      return;
    }
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector sum = load(sums, c);
      for (int row = from; row < to; row++) {
        sum = sum.add(load(x, row * channels + c));
      }
      sum.intoArray(sums, c);
    }
    ScalarRows.sum(whole, channels, x, sums, from, to);
  }

  /** Sixteen rows of c channels are c vectors of 16 lanes, in each of which lanes are chains. */
  private static void sumInterleaved(int channels, float[] x, float[] sums, int from, int to) {
    float[] chains = CHAINS.get();
    int period = ScalarRows.CHAINS * channels;
    int end = to * channels;
    for (int first = 0; first < period; first += LANES) {
      FloatVector sum = FloatVector.zero(SPECIES);
      int at = from * channels + first;
      for (; at + LANES <= end; at += period) {
        sum = sum.add(load(x, at));
      }
      sum.intoArray(chains, first);
      for (int i = 0; at + i < end; i++) {
        chains[first + i] += x[at + i];
      }
    }
    for (int i = 0, c = 0; i < period; i++, c = c + 1 == channels ? 0 : c + 1) {
      sums[c] += chains[i];
    }
  }

  static void sumSquaredDeviations(
      int channels, float[] x, float[] mean, float[] sums, int from, int to) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector sum = load(sums, c);
      FloatVector center = load(mean, c);
      for (int row = from; row < to; row++) {
        FloatVector deviation = load(x, row * channels + c).sub(center);
        sum = deviation.fma(deviation, sum);
      }
      sum.intoArray(sums, c);
    }
    ScalarRows.sumSquaredDeviations(whole, channels, x, mean, sums, from, to);
  }

  static void reluBackward(int channels, float[] y, float[] dy, float[] sums, int from, int to) {
    if (channels % LANES != 0 || ScalarRows.interleaves(channels)) {
      // Channels that do not fill the lanes: across rows first, and then the sums.
      passRelu(y, dy, from * channels, to * channels);
      sum(channels, dy, sums, from, to);
      return;
    }
    for (int c = 0; c < channels; c += LANES) {
      FloatVector sum = load(sums, c);
      for (int row = from; row < to; row++) {
        int at = row * channels + c;
        FloatVector gradient = passed(load(y, at), load(dy, at));
        gradient.intoArray(dy, at);
        sum = sum.add(gradient);
      }
      sum.intoArray(sums, c);
    }
  }

  private static void passRelu(float[] y, float[] dy, int from, int to) {
    int end = from + SPECIES.loopBound(to - from);
    for (int i = from; i < end; i += LANES) {
      passed(load(y, i), load(dy, i)).intoArray(dy, i);
    }
    ScalarRows.passRelu(y, dy, end, to);
  }

  static void sumGradients(
      int channels,
      float[] x,
      float[] mean,
      float[] y,
      float[] dy,
      float[] sums,
      float[] products,
      int from,
      int to) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      if (y.length > 0) {
        sumPassed(channels, c, x, mean, y, dy, sums, products, from, to);
      } else {
        sumAll(channels, c, x, mean, dy, sums, products, from, to);
      }
    }
    ScalarRows.sumGradients(whole, channels, x, mean, y, dy, sums, products, from, to);
  }

  private static void sumPassed(
      int channels,
      int c,
      float[] x,
      float[] mean,
      float[] y,
      float[] dy,
      float[] sums,
      float[] products,
      int from,
      int to) {
    FloatVector sum = load(sums, c);
    FloatVector product = load(products, c);
    FloatVector center = load(mean, c);
    for (int row = from; row < to; row++) {
      int at = row * channels + c;
      FloatVector gradient = passed(load(y, at), load(dy, at));
      gradient.intoArray(dy, at);
      sum = sum.add(gradient);
      product = gradient.fma(load(x, at).sub(center), product);
    }
    sum.intoArray(sums, c);
    product.intoArray(products, c);
  }

  private static void sumAll(
      int channels,
      int c,
      float[] x,
      float[] mean,
      float[] dy,
      float[] sums,
      float[] products,
      int from,
      int to) {
    FloatVector sum = load(sums, c);
    FloatVector product = load(products, c);
    FloatVector center = load(mean, c);
    for (int row = from; row < to; row++) {
      int at = row * channels + c;
      FloatVector gradient = load(dy, at);
      sum = sum.add(gradient);
      product = gradient.fma(load(x, at).sub(center), product);
    }
    sum.intoArray(sums, c);
    product.intoArray(products, c);
  }

  static void normalize(
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
    int whole = SPECIES.loopBound(channels);
    // Nothing is below this but what a ReLU cuts off.
    float floor = relu ? 0 : Float.NEGATIVE_INFINITY;
    for (int c = 0; c < whole; c += LANES) {
      if (shortcut.length > 0) {
        normalizeAndAdd(channels, c, x, mean, scale, shift, shortcut, floor, y, from, to);
      } else {
        normalize(channels, c, x, mean, scale, shift, floor, y, from, to);
      }
    }
    ScalarRows.normalize(whole, channels, x, mean, scale, shift, shortcut, relu, y, from, to);
  }

  private static void normalize(
      int channels,
      int c,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float floor,
      float[] y,
      int from,
      int to) {
    FloatVector center = load(mean, c);
    FloatVector factor = load(scale, c);
    FloatVector offset = load(shift, c);
    FloatVector lowest = FloatVector.broadcast(SPECIES, floor);
    for (int row = from; row < to; row++) {
      int at = row * channels + c;
      FloatVector value = load(x, at).sub(center).fma(factor, offset);
      value.blend(lowest, value.compare(VectorOperators.LE, lowest)).intoArray(y, at);
    }
  }

  private static void normalizeAndAdd(
      int channels,
      int c,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] shortcut,
      float floor,
      float[] y,
      int from,
      int to) {
    FloatVector center = load(mean, c);
    FloatVector factor = load(scale, c);
    FloatVector offset = load(shift, c);
    FloatVector lowest = FloatVector.broadcast(SPECIES, floor);
    for (int row = from; row < to; row++) {
      int at = row * channels + c;
      FloatVector value = load(x, at).sub(center).fma(factor, offset).add(load(shortcut, at));
      value.blend(lowest, value.compare(VectorOperators.LE, lowest)).intoArray(y, at);
    }
  }

  static void normalizeBackward(
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
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector center = load(mean, c);
      FloatVector va = load(a, c);
      FloatVector vb = load(b, c);
      FloatVector vk = load(k, c);
      if (add) {
        for (int row = from; row < to; row++) {
          int at = row * channels + c;
          FloatVector inner = load(x, at).sub(center).fma(vb, vk);
          load(dx, at).add(load(dy, at).fma(va, inner)).intoArray(dx, at);
        }
      } else {
        for (int row = from; row < to; row++) {
          int at = row * channels + c;
          FloatVector inner = load(x, at).sub(center).fma(vb, vk);
          load(dy, at).fma(va, inner).intoArray(dx, at);
        }
      }
    }
    ScalarRows.normalizeBackward(whole, channels, x, mean, dy, a, b, k, add, dx, from, to);
  }

  /** What a ReLU of value y lets through. */
  private static FloatVector passed(FloatVector y, FloatVector dy) {
    return FloatVector.zero(SPECIES).blend(dy, y.compare(VectorOperators.GT, 0));
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
