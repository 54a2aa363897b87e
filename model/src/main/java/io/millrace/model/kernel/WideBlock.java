package io.millrace.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner kernels of direct convolutions: a block of {@link #ROWS} rows by two vectors of columns
 * stays in registers over a stretch of the reduction. Each result is one chain of fused
 * multiply-adds; lanes run across columns, and each value of a is broadcast.
 *
 * <p>Each kernel is a single loop, whose indices step by constants wherever they can, because C2
 * then checks the bounds before the loop and not in it: with a second loop around it, or with
 * several steps written out, C2 runs out of the 16 registers that a processor without AVX-512 has,
 * and a chain that passes through memory takes twice the time. The blocks are written out by hand
 * because C2 allocates the vectors of an array. {@link NarrowBlock} is the same for one vector of
 * columns.
 */
final class WideBlock {
  /** As wide as the machine prefers, up to 16 floats. */
  static final VectorSpecies<Float> SPECIES =
      FloatVector.SPECIES_PREFERRED.length() > 16
          ? FloatVector.SPECIES_512
          : FloatVector.SPECIES_PREFERRED;

  static final int LANES = SPECIES.length();

  /** Columns of a block, and of a panel of b. */
  static final int COLUMNS = 2 * LANES;

  /** 6 rows by 2 vectors are 12 chains: with 3 operands they just fit 16 vector registers. */
  static final int ROWS = 6;

  private WideBlock() {}

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
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0),
        y0 = FloatVector.fromArray(SPECIES, start, s0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s1),
        y1 = FloatVector.fromArray(SPECIES, start, s1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s2),
        y2 = FloatVector.fromArray(SPECIES, start, s2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s3),
        y3 = FloatVector.fromArray(SPECIES, start, s3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s4),
        y4 = FloatVector.fromArray(SPECIES, start, s4 + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s5),
        y5 = FloatVector.fromArray(SPECIES, start, s5 + LANES);
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
        FloatVector bx = FloatVector.fromArray(SPECIES, b, bt + i * COLUMNS),
            by = FloatVector.fromArray(SPECIES, b, bt + i * COLUMNS + LANES);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + i]);
        x0 = v0.fma(bx, x0);
        y0 = v0.fma(by, y0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + i]);
        x1 = v1.fma(bx, x1);
        y1 = v1.fma(by, y1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + i]);
        x2 = v2.fma(bx, x2);
        y2 = v2.fma(by, y2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + i]);
        x3 = v3.fma(bx, x3);
        y3 = v3.fma(by, y3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + i]);
        x4 = v4.fma(bx, x4);
        y4 = v4.fma(by, y4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + i]);
        x5 = v5.fma(bx, x5);
        y5 = v5.fma(by, y5);
      }
    }
    x0.intoArray(c, cRow[0] + column);
    y0.intoArray(c, cRow[0] + column + LANES);
    x1.intoArray(c, cRow[1] + column);
    y1.intoArray(c, cRow[1] + column + LANES);
    x2.intoArray(c, cRow[2] + column);
    y2.intoArray(c, cRow[2] + column + LANES);
    x3.intoArray(c, cRow[3] + column);
    y3.intoArray(c, cRow[3] + column + LANES);
    x4.intoArray(c, cRow[4] + column);
    y4.intoArray(c, cRow[4] + column + LANES);
    x5.intoArray(c, cRow[5] + column);
    y5.intoArray(c, cRow[5] + column + LANES);
  }

  /**
   * c[cRow[r] + column + j] = start[startRow[r] + column + j] + sum over i in [0, length) of
   * a[aRow[r] + aFrom + i] * b[bFrom + i * COLUMNS + j].
   */
  static void run(
      float[] a,
      int[] aRow,
      int aFrom,
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
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0),
        y0 = FloatVector.fromArray(SPECIES, start, s0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s1),
        y1 = FloatVector.fromArray(SPECIES, start, s1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s2),
        y2 = FloatVector.fromArray(SPECIES, start, s2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s3),
        y3 = FloatVector.fromArray(SPECIES, start, s3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s4),
        y4 = FloatVector.fromArray(SPECIES, start, s4 + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s5),
        y5 = FloatVector.fromArray(SPECIES, start, s5 + LANES);
    int a0 = aRow[0] + aFrom,
        a1 = aRow[1] + aFrom,
        a2 = aRow[2] + aFrom,
        a3 = aRow[3] + aFrom,
        a4 = aRow[4] + aFrom,
        a5 = aRow[5] + aFrom;
    for (int i = 0; i < length; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bFrom + i * COLUMNS),
          by = FloatVector.fromArray(SPECIES, b, bFrom + i * COLUMNS + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + i]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + i]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + i]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + i]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + i]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + i]);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
    }
    x0.intoArray(c, cRow[0] + column);
    y0.intoArray(c, cRow[0] + column + LANES);
    x1.intoArray(c, cRow[1] + column);
    y1.intoArray(c, cRow[1] + column + LANES);
    x2.intoArray(c, cRow[2] + column);
    y2.intoArray(c, cRow[2] + column + LANES);
    x3.intoArray(c, cRow[3] + column);
    y3.intoArray(c, cRow[3] + column + LANES);
    x4.intoArray(c, cRow[4] + column);
    y4.intoArray(c, cRow[4] + column + LANES);
    x5.intoArray(c, cRow[5] + column);
    y5.intoArray(c, cRow[5] + column + LANES);
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
    FloatVector x0 = FloatVector.fromArray(SPECIES, start, s0),
        y0 = FloatVector.fromArray(SPECIES, start, s0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, start, s1),
        y1 = FloatVector.fromArray(SPECIES, start, s1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, start, s2),
        y2 = FloatVector.fromArray(SPECIES, start, s2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, start, s3),
        y3 = FloatVector.fromArray(SPECIES, start, s3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, start, s4),
        y4 = FloatVector.fromArray(SPECIES, start, s4 + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, start, s5),
        y5 = FloatVector.fromArray(SPECIES, start, s5 + LANES);
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    for (int i = 0; i < length; i++) {
      int at = aFrom[i];
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bFrom + i * COLUMNS),
          by = FloatVector.fromArray(SPECIES, b, bFrom + i * COLUMNS + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + at]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + at]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + at]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + at]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + at]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + at]);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
    }
    x0.intoArray(c, cRow[0] + column);
    y0.intoArray(c, cRow[0] + column + LANES);
    x1.intoArray(c, cRow[1] + column);
    y1.intoArray(c, cRow[1] + column + LANES);
    x2.intoArray(c, cRow[2] + column);
    y2.intoArray(c, cRow[2] + column + LANES);
    x3.intoArray(c, cRow[3] + column);
    y3.intoArray(c, cRow[3] + column + LANES);
    x4.intoArray(c, cRow[4] + column);
    y4.intoArray(c, cRow[4] + column + LANES);
    x5.intoArray(c, cRow[5] + column);
    y5.intoArray(c, cRow[5] + column + LANES);
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
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, s0),
        y0 = FloatVector.fromArray(SPECIES, c, s0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, s1),
        y1 = FloatVector.fromArray(SPECIES, c, s1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, s2),
        y2 = FloatVector.fromArray(SPECIES, c, s2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, s3),
        y3 = FloatVector.fromArray(SPECIES, c, s3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, s4),
        y4 = FloatVector.fromArray(SPECIES, c, s4 + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, s5),
        y5 = FloatVector.fromArray(SPECIES, c, s5 + LANES);
    int at = aFrom;
    int bt = bFrom;
    for (int i = 0; i < length; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, bt),
          by = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
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
      at += aStep;
      bt += bStep;
    }
    x0.intoArray(c, s0);
    y0.intoArray(c, s0 + LANES);
    x1.intoArray(c, s1);
    y1.intoArray(c, s1 + LANES);
    x2.intoArray(c, s2);
    y2.intoArray(c, s2 + LANES);
    x3.intoArray(c, s3);
    y3.intoArray(c, s3 + LANES);
    x4.intoArray(c, s4);
    y4.intoArray(c, s4 + LANES);
    x5.intoArray(c, s5);
    y5.intoArray(c, s5 + LANES);
  }

  /** c[cRow[r] + column + j] becomes 0 where it is below 0. */
  static void rectify(float[] c, int[] cRow, int column) {
    FloatVector zeros = FloatVector.zero(SPECIES);
    for (int r = 0; r < cRow.length; r++) {
      int at = cRow[r] + column;
      FloatVector x = FloatVector.fromArray(SPECIES, c, at),
          y = FloatVector.fromArray(SPECIES, c, at + LANES);
      x.blend(zeros, x.compare(VectorOperators.LE, zeros)).intoArray(c, at);
      y.blend(zeros, y.compare(VectorOperators.LE, zeros)).intoArray(c, at + LANES);
    }
  }
}
