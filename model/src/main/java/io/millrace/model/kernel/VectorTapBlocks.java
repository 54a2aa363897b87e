package io.millrace.model.kernel;

import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of results that stay in registers over a whole reduction:
 *
 * <pre>
 * c[c0 + r*cStep + lane] = start[s0 + r*sStep + lane] + sum over i of
 *     a[from + offsets[i] + r] * b[b0 + i*bStep + lane], or 0 where that is at most the threshold
 * </pre>
 *
 * <p>The values of a that a step broadcasts lie side by side, so that one index and two range
 * checks serve them all: with an index for each C2 runs out of registers. A threshold of NaN leaves
 * all as it is, and one of 0 is ReLU.
 */
final class VectorTapBlocks {
  static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  static final int LANES = SPECIES.length();

  private VectorTapBlocks() {}

  /** 14 rows by 1 vector: for 32 registers. */
  static void fourteenByOne(
      float[] a,
      int from,
      int[] offsets,
      int k,
      float[] b,
      int b0,
      int bStep,
      float[] start,
      int s0,
      int sStep,
      float threshold,
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s0 + 5 * sStep);
    FloatVector x6 = FloatVector.fromArray(SPECIES, start, s0 + 6 * sStep);
    FloatVector x7 = FloatVector.fromArray(SPECIES, start, s0 + 7 * sStep);
    FloatVector x8 = FloatVector.fromArray(SPECIES, start, s0 + 8 * sStep);
    FloatVector x9 = FloatVector.fromArray(SPECIES, start, s0 + 9 * sStep);
    FloatVector x10 = FloatVector.fromArray(SPECIES, start, s0 + 10 * sStep);
    FloatVector x11 = FloatVector.fromArray(SPECIES, start, s0 + 11 * sStep);
    FloatVector x12 = FloatVector.fromArray(SPECIES, start, s0 + 12 * sStep);
    FloatVector x13 = FloatVector.fromArray(SPECIES, start, s0 + 13 * sStep);
    for (int i = 0; i < k; i++) {
      int at = from + offsets[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * bStep);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      x0 = v0.fma(bx, x0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      x3 = v3.fma(bx, x3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      x4 = v4.fma(bx, x4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      x5 = v5.fma(bx, x5);
      FloatVector v6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      x6 = v6.fma(bx, x6);
      FloatVector v7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      x7 = v7.fma(bx, x7);
      FloatVector v8 = FloatVector.broadcast(SPECIES, a[at + 8]);
      x8 = v8.fma(bx, x8);
      FloatVector v9 = FloatVector.broadcast(SPECIES, a[at + 9]);
      x9 = v9.fma(bx, x9);
      FloatVector v10 = FloatVector.broadcast(SPECIES, a[at + 10]);
      x10 = v10.fma(bx, x10);
      FloatVector v11 = FloatVector.broadcast(SPECIES, a[at + 11]);
      x11 = v11.fma(bx, x11);
      FloatVector v12 = FloatVector.broadcast(SPECIES, a[at + 12]);
      x12 = v12.fma(bx, x12);
      FloatVector v13 = FloatVector.broadcast(SPECIES, a[at + 13]);
      x13 = v13.fma(bx, x13);
    }
    FloatVector zero = FloatVector.zero(SPECIES);
    x0.blend(zero, x0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep);
    x1.blend(zero, x1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep);
    x2.blend(zero, x2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep);
    x3.blend(zero, x3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep);
    x4.blend(zero, x4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep);
    x5.blend(zero, x5.compare(LE, threshold)).intoArray(c, c0 + 5 * cStep);
    x6.blend(zero, x6.compare(LE, threshold)).intoArray(c, c0 + 6 * cStep);
    x7.blend(zero, x7.compare(LE, threshold)).intoArray(c, c0 + 7 * cStep);
    x8.blend(zero, x8.compare(LE, threshold)).intoArray(c, c0 + 8 * cStep);
    x9.blend(zero, x9.compare(LE, threshold)).intoArray(c, c0 + 9 * cStep);
    x10.blend(zero, x10.compare(LE, threshold)).intoArray(c, c0 + 10 * cStep);
    x11.blend(zero, x11.compare(LE, threshold)).intoArray(c, c0 + 11 * cStep);
    x12.blend(zero, x12.compare(LE, threshold)).intoArray(c, c0 + 12 * cStep);
    x13.blend(zero, x13.compare(LE, threshold)).intoArray(c, c0 + 13 * cStep);
  }

  /** 10 rows by 1 vector. */
  static void tenByOne(
      float[] a,
      int from,
      int[] offsets,
      int k,
      float[] b,
      int b0,
      int bStep,
      float[] start,
      int s0,
      int sStep,
      float threshold,
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s0 + 5 * sStep);
    FloatVector x6 = FloatVector.fromArray(SPECIES, start, s0 + 6 * sStep);
    FloatVector x7 = FloatVector.fromArray(SPECIES, start, s0 + 7 * sStep);
    FloatVector x8 = FloatVector.fromArray(SPECIES, start, s0 + 8 * sStep);
    FloatVector x9 = FloatVector.fromArray(SPECIES, start, s0 + 9 * sStep);
    for (int i = 0; i < k; i++) {
      int at = from + offsets[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * bStep);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      x0 = v0.fma(bx, x0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      x3 = v3.fma(bx, x3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      x4 = v4.fma(bx, x4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      x5 = v5.fma(bx, x5);
      FloatVector v6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      x6 = v6.fma(bx, x6);
      FloatVector v7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      x7 = v7.fma(bx, x7);
      FloatVector v8 = FloatVector.broadcast(SPECIES, a[at + 8]);
      x8 = v8.fma(bx, x8);
      FloatVector v9 = FloatVector.broadcast(SPECIES, a[at + 9]);
      x9 = v9.fma(bx, x9);
    }
    FloatVector zero = FloatVector.zero(SPECIES);
    x0.blend(zero, x0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep);
    x1.blend(zero, x1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep);
    x2.blend(zero, x2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep);
    x3.blend(zero, x3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep);
    x4.blend(zero, x4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep);
    x5.blend(zero, x5.compare(LE, threshold)).intoArray(c, c0 + 5 * cStep);
    x6.blend(zero, x6.compare(LE, threshold)).intoArray(c, c0 + 6 * cStep);
    x7.blend(zero, x7.compare(LE, threshold)).intoArray(c, c0 + 7 * cStep);
    x8.blend(zero, x8.compare(LE, threshold)).intoArray(c, c0 + 8 * cStep);
    x9.blend(zero, x9.compare(LE, threshold)).intoArray(c, c0 + 9 * cStep);
  }

  /** 10 rows by 2 vectors: for 32 registers. */
  static void tenByTwo(
      float[] a,
      int from,
      int[] offsets,
      int k,
      float[] b,
      int b0,
      int bStep,
      float[] start,
      int s0,
      int sStep,
      float threshold,
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep),
        y0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep),
        y1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep),
        y2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep),
        y3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep),
        y4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s0 + 5 * sStep),
        y5 = FloatVector.fromArray(SPECIES, start, s0 + 5 * sStep + LANES);
    FloatVector x6 = FloatVector.fromArray(SPECIES, start, s0 + 6 * sStep),
        y6 = FloatVector.fromArray(SPECIES, start, s0 + 6 * sStep + LANES);
    FloatVector x7 = FloatVector.fromArray(SPECIES, start, s0 + 7 * sStep),
        y7 = FloatVector.fromArray(SPECIES, start, s0 + 7 * sStep + LANES);
    FloatVector x8 = FloatVector.fromArray(SPECIES, start, s0 + 8 * sStep),
        y8 = FloatVector.fromArray(SPECIES, start, s0 + 8 * sStep + LANES);
    FloatVector x9 = FloatVector.fromArray(SPECIES, start, s0 + 9 * sStep),
        y9 = FloatVector.fromArray(SPECIES, start, s0 + 9 * sStep + LANES);
    for (int i = 0; i < k; i++) {
      int at = from + offsets[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * bStep);
      FloatVector by = FloatVector.fromArray(SPECIES, b, b0 + i * bStep + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
      FloatVector v6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      x6 = v6.fma(bx, x6);
      y6 = v6.fma(by, y6);
      FloatVector v7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      x7 = v7.fma(bx, x7);
      y7 = v7.fma(by, y7);
      FloatVector v8 = FloatVector.broadcast(SPECIES, a[at + 8]);
      x8 = v8.fma(bx, x8);
      y8 = v8.fma(by, y8);
      FloatVector v9 = FloatVector.broadcast(SPECIES, a[at + 9]);
      x9 = v9.fma(bx, x9);
      y9 = v9.fma(by, y9);
    }
    FloatVector zero = FloatVector.zero(SPECIES);
    x0.blend(zero, x0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep);
    y0.blend(zero, y0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep + LANES);
    x1.blend(zero, x1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep);
    y1.blend(zero, y1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep + LANES);
    x2.blend(zero, x2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep);
    y2.blend(zero, y2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep + LANES);
    x3.blend(zero, x3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep);
    y3.blend(zero, y3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep + LANES);
    x4.blend(zero, x4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep);
    y4.blend(zero, y4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep + LANES);
    x5.blend(zero, x5.compare(LE, threshold)).intoArray(c, c0 + 5 * cStep);
    y5.blend(zero, y5.compare(LE, threshold)).intoArray(c, c0 + 5 * cStep + LANES);
    x6.blend(zero, x6.compare(LE, threshold)).intoArray(c, c0 + 6 * cStep);
    y6.blend(zero, y6.compare(LE, threshold)).intoArray(c, c0 + 6 * cStep + LANES);
    x7.blend(zero, x7.compare(LE, threshold)).intoArray(c, c0 + 7 * cStep);
    y7.blend(zero, y7.compare(LE, threshold)).intoArray(c, c0 + 7 * cStep + LANES);
    x8.blend(zero, x8.compare(LE, threshold)).intoArray(c, c0 + 8 * cStep);
    y8.blend(zero, y8.compare(LE, threshold)).intoArray(c, c0 + 8 * cStep + LANES);
    x9.blend(zero, x9.compare(LE, threshold)).intoArray(c, c0 + 9 * cStep);
    y9.blend(zero, y9.compare(LE, threshold)).intoArray(c, c0 + 9 * cStep + LANES);
  }

  /** 5 rows by 2 vectors. */
  static void fiveByTwo(
      float[] a,
      int from,
      int[] offsets,
      int k,
      float[] b,
      int b0,
      int bStep,
      float[] start,
      int s0,
      int sStep,
      float threshold,
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep),
        y0 = FloatVector.fromArray(SPECIES, start, s0 + 0 * sStep + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep),
        y1 = FloatVector.fromArray(SPECIES, start, s0 + 1 * sStep + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep),
        y2 = FloatVector.fromArray(SPECIES, start, s0 + 2 * sStep + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep),
        y3 = FloatVector.fromArray(SPECIES, start, s0 + 3 * sStep + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep),
        y4 = FloatVector.fromArray(SPECIES, start, s0 + 4 * sStep + LANES);
    for (int i = 0; i < k; i++) {
      int at = from + offsets[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * bStep);
      FloatVector by = FloatVector.fromArray(SPECIES, b, b0 + i * bStep + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
    }
    FloatVector zero = FloatVector.zero(SPECIES);
    x0.blend(zero, x0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep);
    y0.blend(zero, y0.compare(LE, threshold)).intoArray(c, c0 + 0 * cStep + LANES);
    x1.blend(zero, x1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep);
    y1.blend(zero, y1.compare(LE, threshold)).intoArray(c, c0 + 1 * cStep + LANES);
    x2.blend(zero, x2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep);
    y2.blend(zero, y2.compare(LE, threshold)).intoArray(c, c0 + 2 * cStep + LANES);
    x3.blend(zero, x3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep);
    y3.blend(zero, y3.compare(LE, threshold)).intoArray(c, c0 + 3 * cStep + LANES);
    x4.blend(zero, x4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep);
    y4.blend(zero, y4.compare(LE, threshold)).intoArray(c, c0 + 4 * cStep + LANES);
  }
}
