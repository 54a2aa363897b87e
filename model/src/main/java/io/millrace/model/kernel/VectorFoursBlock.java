package io.millrace.model.kernel;

import static io.millrace.model.kernel.FewChannels.CHUNK;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.NE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of some output channels by the four pixels of windows of 2 by 2, with lanes across
 * windows, that stay in registers over a whole reduction:
 *
 * <pre>
 * a[to + (4*c + pixel) * lanes + lane] = a[bias + c*16 + lane] + sum over i of
 *     a[from + taps[4*i + pixel] + lane] * w[w0 + i*step + c]
 * </pre>
 *
 * Pixels are numbered as a pooling meets them: first, right, below, across.
 */
final class VectorFoursBlock {
  static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  static final int LANES = SPECIES.length();

  /** Floats of a channel's four vectors. */
  private static final int CHANNEL = 4 * LANES;

  private VectorFoursBlock() {}

  /** 6 channels: for 32 registers. */
  static void sixByFour(
      float[] a, int from, int[] taps, int k, float[] w, int w0, int step, int bias, int to) {
    FloatVector p0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector q0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector r0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector s0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector p1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector q1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector r1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector s1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector p2 = FloatVector.fromArray(SPECIES, a, bias + 2 * CHUNK);
    FloatVector q2 = FloatVector.fromArray(SPECIES, a, bias + 2 * CHUNK);
    FloatVector r2 = FloatVector.fromArray(SPECIES, a, bias + 2 * CHUNK);
    FloatVector s2 = FloatVector.fromArray(SPECIES, a, bias + 2 * CHUNK);
    FloatVector p3 = FloatVector.fromArray(SPECIES, a, bias + 3 * CHUNK);
    FloatVector q3 = FloatVector.fromArray(SPECIES, a, bias + 3 * CHUNK);
    FloatVector r3 = FloatVector.fromArray(SPECIES, a, bias + 3 * CHUNK);
    FloatVector s3 = FloatVector.fromArray(SPECIES, a, bias + 3 * CHUNK);
    FloatVector p4 = FloatVector.fromArray(SPECIES, a, bias + 4 * CHUNK);
    FloatVector q4 = FloatVector.fromArray(SPECIES, a, bias + 4 * CHUNK);
    FloatVector r4 = FloatVector.fromArray(SPECIES, a, bias + 4 * CHUNK);
    FloatVector s4 = FloatVector.fromArray(SPECIES, a, bias + 4 * CHUNK);
    FloatVector p5 = FloatVector.fromArray(SPECIES, a, bias + 5 * CHUNK);
    FloatVector q5 = FloatVector.fromArray(SPECIES, a, bias + 5 * CHUNK);
    FloatVector r5 = FloatVector.fromArray(SPECIES, a, bias + 5 * CHUNK);
    FloatVector s5 = FloatVector.fromArray(SPECIES, a, bias + 5 * CHUNK);
    for (int i = 0; i < k; i++) {
      FloatVector p = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 0]);
      FloatVector q = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 1]);
      FloatVector r = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 2]);
      FloatVector s = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 3]);
      FloatVector v0 = FloatVector.broadcast(SPECIES, w[w0 + 0 + i * step]);
      p0 = p.fma(v0, p0);
      q0 = q.fma(v0, q0);
      r0 = r.fma(v0, r0);
      s0 = s.fma(v0, s0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, w[w0 + 1 + i * step]);
      p1 = p.fma(v1, p1);
      q1 = q.fma(v1, q1);
      r1 = r.fma(v1, r1);
      s1 = s.fma(v1, s1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, w[w0 + 2 + i * step]);
      p2 = p.fma(v2, p2);
      q2 = q.fma(v2, q2);
      r2 = r.fma(v2, r2);
      s2 = s.fma(v2, s2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, w[w0 + 3 + i * step]);
      p3 = p.fma(v3, p3);
      q3 = q.fma(v3, q3);
      r3 = r.fma(v3, r3);
      s3 = s.fma(v3, s3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, w[w0 + 4 + i * step]);
      p4 = p.fma(v4, p4);
      q4 = q.fma(v4, q4);
      r4 = r.fma(v4, r4);
      s4 = s.fma(v4, s4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, w[w0 + 5 + i * step]);
      p5 = p.fma(v5, p5);
      q5 = q.fma(v5, q5);
      r5 = r.fma(v5, r5);
      s5 = s.fma(v5, s5);
    }
    p0.intoArray(a, to + 0 * LANES);
    q0.intoArray(a, to + 1 * LANES);
    r0.intoArray(a, to + 2 * LANES);
    s0.intoArray(a, to + 3 * LANES);
    p1.intoArray(a, to + 4 * LANES);
    q1.intoArray(a, to + 5 * LANES);
    r1.intoArray(a, to + 6 * LANES);
    s1.intoArray(a, to + 7 * LANES);
    p2.intoArray(a, to + 8 * LANES);
    q2.intoArray(a, to + 9 * LANES);
    r2.intoArray(a, to + 10 * LANES);
    s2.intoArray(a, to + 11 * LANES);
    p3.intoArray(a, to + 12 * LANES);
    q3.intoArray(a, to + 13 * LANES);
    r3.intoArray(a, to + 14 * LANES);
    s3.intoArray(a, to + 15 * LANES);
    p4.intoArray(a, to + 16 * LANES);
    q4.intoArray(a, to + 17 * LANES);
    r4.intoArray(a, to + 18 * LANES);
    s4.intoArray(a, to + 19 * LANES);
    p5.intoArray(a, to + 20 * LANES);
    q5.intoArray(a, to + 21 * LANES);
    r5.intoArray(a, to + 22 * LANES);
    s5.intoArray(a, to + 23 * LANES);
  }

  /** 2 channels, whose weights begin at w0 and w1. */
  static void twoByFour(
      float[] a,
      int from,
      int[] taps,
      int k,
      float[] w,
      int w0,
      int w1,
      int step,
      int bias,
      int to) {
    FloatVector p0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector q0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector r0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector s0 = FloatVector.fromArray(SPECIES, a, bias + 0 * CHUNK);
    FloatVector p1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector q1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector r1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    FloatVector s1 = FloatVector.fromArray(SPECIES, a, bias + 1 * CHUNK);
    for (int i = 0; i < k; i++) {
      FloatVector p = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 0]);
      FloatVector q = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 1]);
      FloatVector r = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 2]);
      FloatVector s = FloatVector.fromArray(SPECIES, a, from + taps[4 * i + 3]);
      FloatVector v0 = FloatVector.broadcast(SPECIES, w[w0 + i * step]);
      p0 = p.fma(v0, p0);
      q0 = q.fma(v0, q0);
      r0 = r.fma(v0, r0);
      s0 = s.fma(v0, s0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, w[w1 + i * step]);
      p1 = p.fma(v1, p1);
      q1 = q.fma(v1, q1);
      r1 = r.fma(v1, r1);
      s1 = s.fma(v1, s1);
    }
    p0.intoArray(a, to + 0 * LANES);
    q0.intoArray(a, to + 1 * LANES);
    r0.intoArray(a, to + 2 * LANES);
    s0.intoArray(a, to + 3 * LANES);
    p1.intoArray(a, to + 4 * LANES);
    q1.intoArray(a, to + 5 * LANES);
    r1.intoArray(a, to + 6 * LANES);
    s1.intoArray(a, to + 7 * LANES);
  }

  /**
   * The maxima of so many vectors' windows take the place of their first pixels, and what leads to
   * their places from the first pixel's that of the second, as int bits; order and ties as in
   * {@link Kernels#maxPoolForward}. What is at most the threshold becomes 0.
   *
   * @param right from a pixel's place to the next one's
   * @param below and to that of the one below it
   */
  static void maximum(float[] a, int from, int vectors, int right, int below, float threshold) {
    FloatVector zero = FloatVector.zero(SPECIES);
    // The bits of ints, which the masks of floats can blend.
    FloatVector atRight = FloatVector.broadcast(SPECIES, Float.intBitsToFloat(right));
    FloatVector atBelow = FloatVector.broadcast(SPECIES, Float.intBitsToFloat(below));
    FloatVector atAcross = FloatVector.broadcast(SPECIES, Float.intBitsToFloat(below + right));
    for (int i = 0; i < vectors; i++) {
      int at = from + i * CHANNEL;
      FloatVector best = FloatVector.fromArray(SPECIES, a, at);
      FloatVector next = FloatVector.fromArray(SPECIES, a, at + LANES);
      VectorMask<Float> better = next.compare(GT, best).or(next.compare(NE, next));
      best = best.blend(next, better);
      FloatVector place = zero.blend(atRight, better);
      next = FloatVector.fromArray(SPECIES, a, at + 2 * LANES);
      better = next.compare(GT, best).or(next.compare(NE, next));
      best = best.blend(next, better);
      place = place.blend(atBelow, better);
      next = FloatVector.fromArray(SPECIES, a, at + 3 * LANES);
      better = next.compare(GT, best).or(next.compare(NE, next));
      best = best.blend(next, better);
      place.blend(atAcross, better).intoArray(a, at + LANES);
      best.blend(zero, best.compare(LE, threshold)).intoArray(a, at);
    }
  }

  /** What is at most the threshold becomes 0. */
  static void rectify(float[] a, int from, int vectors, float threshold) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = 0; i < 4 * vectors; i++) {
      FloatVector value = FloatVector.fromArray(SPECIES, a, from + i * LANES);
      value.blend(zero, value.compare(LE, threshold)).intoArray(a, from + i * LANES);
    }
  }

  /** y[to + i * step + c] = the lane i of channel c. */
  static void copy(float[] a, int first, int count, int channels, float[] y, int to, int step) {
    int c = 0;
    for (; c + 6 <= channels; c += 6) {
      int from = first + c * CHANNEL;
      int at = to + c;
      for (int i = 0; i < count; i++) {
        y[at] = a[from + i];
        y[at + 1] = a[from + 1 * CHANNEL + i];
        y[at + 2] = a[from + 2 * CHANNEL + i];
        y[at + 3] = a[from + 3 * CHANNEL + i];
        y[at + 4] = a[from + 4 * CHANNEL + i];
        y[at + 5] = a[from + 5 * CHANNEL + i];
        at += step;
      }
    }
    for (; c < channels; c++) {
      int from = first + c * CHANNEL;
      int at = to + c;
      for (int i = 0; i < count; i++) {
        y[at] = a[from + i];
        at += step;
      }
    }
  }

  /** y[to + i * channels + c] = pixel + i * 2 * channels + c + the int bits in lane i. */
  static void copyPlaces(
      float[] a, int first, int count, int channels, int pixel, int[] y, int to) {
    int c = 0;
    for (; c + 6 <= channels; c += 6) {
      int from = first + c * CHANNEL;
      int here = pixel + c;
      int at = to + c;
      for (int i = 0; i < count; i++) {
        y[at] = here + Float.floatToRawIntBits(a[from + i]);
        y[at + 1] = here + 1 + Float.floatToRawIntBits(a[from + 1 * CHANNEL + i]);
        y[at + 2] = here + 2 + Float.floatToRawIntBits(a[from + 2 * CHANNEL + i]);
        y[at + 3] = here + 3 + Float.floatToRawIntBits(a[from + 3 * CHANNEL + i]);
        y[at + 4] = here + 4 + Float.floatToRawIntBits(a[from + 4 * CHANNEL + i]);
        y[at + 5] = here + 5 + Float.floatToRawIntBits(a[from + 5 * CHANNEL + i]);
        at += channels;
        here += 2 * channels;
      }
    }
    for (; c < channels; c++) {
      int from = first + c * CHANNEL;
      int here = pixel + c;
      int at = to + c;
      for (int i = 0; i < count; i++) {
        y[at] = here + Float.floatToRawIntBits(a[from + i]);
        at += channels;
        here += 2 * channels;
      }
    }
  }
}
