package io.millrace.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels of {@link WideBlock} once more, for 16 columns where those are one vector and not
 * two. Where vectors are shorter, this one goes unused.
 *
 * <p>Two vectors of half the width would keep twice as many chains under way, and in a JVM of their
 * own be faster. But all of Millrace's vectors have one width: where a JVM has seen two, C2 may
 * take one for the other in the Vector API's shared methods, and then has all vectors of a loop on
 * the heap.
 */
final class NarrowBlock {
  /** Columns of a block, and of a panel of b. */
  static final int COLUMNS = WideBlock.LANES == 16 ? WideBlock.LANES : WideBlock.COLUMNS;

  private static final VectorSpecies<Float> SPECIES = WideBlock.SPECIES;

  private NarrowBlock() {}

  /**
   * c[cRow[r] + column + j] = start[startRow[r] + column + j] + sum over t in [0, runs), i in [0,
   * length), in that order, of a[aRow[r] + aRun[t] + i] * b[bFrom + (kRun[t] + i) * COLUMNS + j].
   */
  static void runs(
      float[] a,
      int[] aRow,
      int[] aRun,
      float[] b,
      int bFrom,
      int[] kRun,
      int runs,
      int length,
      float[] start,
      int[] startRow,
      float[] c,
      int[] cRow,
      int column) {
    int s0 = startRow[0] + column;
    int s1 = startRow[1] + column;
    int s2 = startRow[2] + column;
    int s3 = startRow[3] + column;
    int s4 = startRow[4] + column;
    int s5 = startRow[5] + column;
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s1);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s2);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s3);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s4);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s5);
    for (int t = 0; t < runs; t++) {
      int at = aRun[t];
      int bt = bFrom + kRun[t] * COLUMNS;
      int a0 = aRow[0] + at,
          a1 = aRow[1] + at,
          a2 = aRow[2] + at,
          a3 = aRow[3] + at,
          a4 = aRow[4] + at,
          a5 = aRow[5] + at;
      for (int i = 0; i < length; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, bt + i * COLUMNS);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + i]);
        x0 = v0.fma(bx, x0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + i]);
        x1 = v1.fma(bx, x1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + i]);
        x2 = v2.fma(bx, x2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + i]);
        x3 = v3.fma(bx, x3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + i]);
        x4 = v4.fma(bx, x4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + i]);
        x5 = v5.fma(bx, x5);
      }
    }
    x0.intoArray(c, cRow[0] + column);
    x1.intoArray(c, cRow[1] + column);
    x2.intoArray(c, cRow[2] + column);
    x3.intoArray(c, cRow[3] + column);
    x4.intoArray(c, cRow[4] + column);
    x5.intoArray(c, cRow[5] + column);
  }

  /**
   * One run of all rows of b, with the values of a where a table says: at a[aRow[r] + aFrom[i]].
   */
  static void table(
      float[] a,
      int[] aRow,
      int[] aFrom,
      float[] b,
      int bFrom,
      int length,
      float[] start,
      int[] startRow,
      float[] c,
      int[] cRow,
      int column) {
    int s0 = startRow[0] + column;
    int s1 = startRow[1] + column;
    int s2 = startRow[2] + column;
    int s3 = startRow[3] + column;
    int s4 = startRow[4] + column;
    int s5 = startRow[5] + column;
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s1);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s2);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s3);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s4);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s5);
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    for (int i = 0; i < length; i++) {
      int at = aFrom[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bFrom + i * COLUMNS);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + at]);
      x0 = v0.fma(bx, x0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + at]);
      x1 = v1.fma(bx, x1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + at]);
      x2 = v2.fma(bx, x2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + at]);
      x3 = v3.fma(bx, x3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + at]);
      x4 = v4.fma(bx, x4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + at]);
      x5 = v5.fma(bx, x5);
    }
    x0.intoArray(c, cRow[0] + column);
    x1.intoArray(c, cRow[1] + column);
    x2.intoArray(c, cRow[2] + column);
    x3.intoArray(c, cRow[3] + column);
    x4.intoArray(c, cRow[4] + column);
    x5.intoArray(c, cRow[5] + column);
  }

  /**
   * c[cFrom + r * cStep + j] += sum over i in [0, length) of a[aFrom + i * aStep + r] * b[bFrom + i
   * * bStep + j]: the rows lie side by side in a.
   */
  static void outer(
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      int length,
      float[] c,
      int cFrom,
      int cStep) {
    int s0 = cFrom;
    int s1 = s0 + cStep;
    int s2 = s1 + cStep;
    int s3 = s2 + cStep;
    int s4 = s3 + cStep;
    int s5 = s4 + cStep;
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, s0);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, s1);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, s2);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, s3);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, s4);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, s5);
    int at = aFrom;
    int bt = bFrom;
    for (int i = 0; i < length; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
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
      at += aStep;
      bt += bStep;
    }
    x0.intoArray(c, s0);
    x1.intoArray(c, s1);
    x2.intoArray(c, s2);
    x3.intoArray(c, s3);
    x4.intoArray(c, s4);
    x5.intoArray(c, s5);
  }

  /** c[cRow[r] + column + j] becomes 0 where it is below 0. */
  static void rectify(float[] c, int[] cRow, int column) {
    FloatVector zeros = FloatVector.zero(SPECIES);
    for (int r = 0; r < cRow.length; r++) {
      int at = cRow[r] + column;
      FloatVector x = FloatVector.fromArray(SPECIES, c, at);
      x.blend(zeros, x.compare(VectorOperators.LE, zeros)).intoArray(c, at);
    }
  }
}
