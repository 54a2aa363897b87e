package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Rows of channels with lanes across channels; see {@link Kernels} for the formulas. */
final class VectorRows {
  private VectorRows() {}

  static void sum(int channels, float[] x, float[] sums, int from, int to) {
    for (int c = 0; c < channels; c += LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
      FloatVector sum = load(sums, c, mask);
      for (int row = from; row < to; row++) {
        sum = sum.add(load(x, row * channels + c, mask));
      }
      sum.intoArray(sums, c, mask);
    }
  }

  static void sumSquaredDeviations(
      int channels, float[] x, float[] mean, float[] sums, int from, int to) {
    for (int c = 0; c < channels; c += LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
      FloatVector sum = load(sums, c, mask);
      FloatVector center = load(mean, c, mask);
      for (int row = from; row < to; row++) {
        FloatVector deviation = load(x, row * channels + c, mask).sub(center);
        sum = deviation.fma(deviation, sum);
      }
      sum.intoArray(sums, c, mask);
    }
  }

  static void sumProductDeviations(
      int channels, float[] x, float[] mean, float[] dy, float[] sums, int from, int to) {
    for (int c = 0; c < channels; c += LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
      FloatVector sum = load(sums, c, mask);
      FloatVector center = load(mean, c, mask);
      for (int row = from; row < to; row++) {
        FloatVector deviation = load(x, row * channels + c, mask).sub(center);
        sum = load(dy, row * channels + c, mask).fma(deviation, sum);
      }
      sum.intoArray(sums, c, mask);
    }
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
    for (int c = 0; c < channels; c += LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
      FloatVector center = load(mean, c, mask);
      FloatVector factor = load(scale, c, mask);
      FloatVector offset = load(shift, c, mask);
      for (int row = from; row < to; row++) {
        int at = row * channels + c;
        load(x, at, mask).sub(center).fma(factor, offset).intoArray(y, at, mask);
      }
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
      float[] dx,
      int from,
      int to) {
    for (int c = 0; c < channels; c += LANES) {
      VectorMask<Float> mask = SPECIES.indexInRange(c, channels);
      FloatVector center = load(mean, c, mask);
      FloatVector va = load(a, c, mask);
      FloatVector vb = load(b, c, mask);
      FloatVector vk = load(k, c, mask);
      for (int row = from; row < to; row++) {
        int at = row * channels + c;
        FloatVector inner = load(x, at, mask).sub(center).fma(vb, vk);
        FloatVector gradient = load(dy, at, mask).fma(va, inner);
        load(dx, at, mask).add(gradient).intoArray(dx, at, mask);
      }
    }
  }

  private static FloatVector load(float[] array, int at, VectorMask<Float> mask) {
    return FloatVector.fromArray(SPECIES, array, at, mask);
  }
}
