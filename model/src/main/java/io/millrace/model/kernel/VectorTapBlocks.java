package io.millrace.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of results that stay in registers over a whole reduction:
 *
 * <pre>
 * c[c0 + r*cStep + lane] += sum over i of a[from + offsets[i] + r] * b[b0 + i*bStep + lane]
 * </pre>
 *
 * <p>The values of a that a step broadcasts lie side by side, so that one index and two range
 * checks serve them all: with an index for each C2 runs out of registers.
 */
final class VectorTapBlocks {
  static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  static final int LANES = SPECIES.length();

  private VectorTapBlocks() {}

  /** 10 rows by 1 vector. */
  static void tenByOne(
      float[] a,
      int from,
      int[] offsets,
      int k,
      float[] b,
      int b0,
      int bStep,
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * cStep);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * cStep);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cStep);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cStep);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cStep);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * cStep);
    FloatVector x6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * cStep);
    FloatVector x7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * cStep);
    FloatVector x8 = FloatVector.fromArray(SPECIES, c, c0 + 8 * cStep);
    FloatVector x9 = FloatVector.fromArray(SPECIES, c, c0 + 9 * cStep);
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
    x0.intoArray(c, c0 + 0 * cStep);
    x1.intoArray(c, c0 + 1 * cStep);
    x2.intoArray(c, c0 + 2 * cStep);
    x3.intoArray(c, c0 + 3 * cStep);
    x4.intoArray(c, c0 + 4 * cStep);
    x5.intoArray(c, c0 + 5 * cStep);
    x6.intoArray(c, c0 + 6 * cStep);
    x7.intoArray(c, c0 + 7 * cStep);
    x8.intoArray(c, c0 + 8 * cStep);
    x9.intoArray(c, c0 + 9 * cStep);
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
      float[] c,
      int c0,
      int cStep) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * cStep),
        y0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * cStep + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * cStep),
        y1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * cStep + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cStep),
        y2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * cStep + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cStep),
        y3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * cStep + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cStep),
        y4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * cStep + LANES);
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
    x0.intoArray(c, c0 + 0 * cStep);
    y0.intoArray(c, c0 + 0 * cStep + LANES);
    x1.intoArray(c, c0 + 1 * cStep);
    y1.intoArray(c, c0 + 1 * cStep + LANES);
    x2.intoArray(c, c0 + 2 * cStep);
    y2.intoArray(c, c0 + 2 * cStep + LANES);
    x3.intoArray(c, c0 + 3 * cStep);
    y3.intoArray(c, c0 + 3 * cStep + LANES);
    x4.intoArray(c, c0 + 4 * cStep);
    y4.intoArray(c, c0 + 4 * cStep + LANES);
  }
}
