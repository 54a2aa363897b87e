package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;

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

  static void sumProductDeviations(
      int channels, float[] x, float[] mean, float[] dy, float[] sums, int from, int to) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector sum = load(sums, c);
      FloatVector center = load(mean, c);
      for (int row = from; row < to; row++) {
        FloatVector deviation = load(x, row * channels + c).sub(center);
        sum = load(dy, row * channels + c).fma(deviation, sum);
      }
      sum.intoArray(sums, c);
    }
    ScalarRows.sumProductDeviations(whole, channels, x, mean, dy, sums, from, to);
  }

  static void normalize(
      int channels,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] y,
      int from,
      int to) {
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector center = load(mean, c);
      FloatVector factor = load(scale, c);
      FloatVector offset = load(shift, c);
      for (int row = from; row < to; row++) {
        int at = row * channels + c;
        load(x, at).sub(center).fma(factor, offset).intoArray(y, at);
      }
    }
    ScalarRows.normalize(whole, channels, x, mean, scale, shift, y, from, to);
  }

  static void normalizeBackward(
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
    int whole = SPECIES.loopBound(channels);
    for (int c = 0; c < whole; c += LANES) {
      FloatVector center = load(mean, c);
      FloatVector va = load(a, c);
      FloatVector vb = load(b, c);
      FloatVector vk = load(k, c);
      for (int row = from; row < to; row++) {
        int at = row * channels + c;
        FloatVector inner = load(x, at).sub(center).fma(vb, vk);
        FloatVector gradient = load(dy, at).fma(va, inner);
        load(dx, at).add(gradient).intoArray(dx, at);
      }
    }
    ScalarRows.normalizeBackward(whole, channels, x, mean, dy, a, b, k, dx, from, to);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
