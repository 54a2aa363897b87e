package io.millrace.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Blocks of {@link BlockProduct}'s kind for few rows, as a shard of a small minibatch has, or a
 * single image: what they lack in rows they have in columns, so that enough chains run side by
 * side.
 */
final class FewRowsBlock {
  /** Rows of the larger blocks. */
  static final int ROWS = 4;

  private static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  private static final int LANES = BlockProduct.LANES;

  /** Columns of the blocks of four rows: where there are registers, of four vectors. */
  private static final int WIDE = LANES > 8 ? 4 * LANES : 2 * LANES;

  /** Columns of the narrowest blocks. */
  static final int NARROW = 2 * LANES;

  /** Columns of the block of one row. */
  private static final int SINGLE = 8 * LANES;

  private FewRowsBlock() {}

  /**
   * c[r][column] += sum over k in [0, count) of a[aFrom + r * aRow + k * aStep] * b[bFrom + k *
   * bStep + column] for four rows r, where c[r] begins at cFrom + r * cRow.
   *
   * @return the first column that is left
   */
  static int four(
      float[] a,
      int aFrom,
      int aRow,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int cRow,
      int count,
      int columns) {
    int column = 0;
    for (; LANES > 8 && column + WIDE <= columns; column += WIDE) {
      fourByFour(a, aFrom, aRow, aStep, b, bFrom + column, bStep, c, cFrom + column, cRow, count);
    }
    for (; column + NARROW <= columns; column += NARROW) {
      fourByTwo(a, aFrom, aRow, aStep, b, bFrom + column, bStep, c, cFrom + column, cRow, count);
    }
    return column;
  }

  /** The same for one row. */
  static int one(
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int count,
      int columns) {
    int column = 0;
    for (; column + SINGLE <= columns; column += SINGLE) {
      oneByEight(a, aFrom, aStep, b, bFrom + column, bStep, c, cFrom + column, count);
    }
    for (; column + NARROW <= columns; column += NARROW) {
      oneByTwo(a, aFrom, aStep, b, bFrom + column, bStep, c, cFrom + column, count);
    }
    return column;
  }

  private static void fourByFour(
      float[] a,
      int aFrom,
      int aRow,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int cRow,
      int count) {
    int c1 = cFrom + cRow;
    int c2 = cFrom + 2 * cRow;
    int c3 = cFrom + 3 * cRow;
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, cFrom);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, cFrom + LANES);
    FloatVector s02 = FloatVector.fromArray(SPECIES, c, cFrom + 2 * LANES);
    FloatVector s03 = FloatVector.fromArray(SPECIES, c, cFrom + 3 * LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector s12 = FloatVector.fromArray(SPECIES, c, c1 + 2 * LANES);
    FloatVector s13 = FloatVector.fromArray(SPECIES, c, c1 + 3 * LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector s22 = FloatVector.fromArray(SPECIES, c, c2 + 2 * LANES);
    FloatVector s23 = FloatVector.fromArray(SPECIES, c, c2 + 3 * LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    FloatVector s32 = FloatVector.fromArray(SPECIES, c, c3 + 2 * LANES);
    FloatVector s33 = FloatVector.fromArray(SPECIES, c, c3 + 3 * LANES);
    int at = aFrom;
    int bt = bFrom;
    for (int k = 0; k < count; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bt + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bt + 3 * LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = v0.fma(b0, s00);
      s01 = v0.fma(b1, s01);
      s02 = v0.fma(b2, s02);
      s03 = v0.fma(b3, s03);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      s10 = v1.fma(b0, s10);
      s11 = v1.fma(b1, s11);
      s12 = v1.fma(b2, s12);
      s13 = v1.fma(b3, s13);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      s20 = v2.fma(b0, s20);
      s21 = v2.fma(b1, s21);
      s22 = v2.fma(b2, s22);
      s23 = v2.fma(b3, s23);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      s30 = v3.fma(b0, s30);
      s31 = v3.fma(b1, s31);
      s32 = v3.fma(b2, s32);
      s33 = v3.fma(b3, s33);
      at += aStep;
      bt += bStep;
    }
    s00.intoArray(c, cFrom);
    s01.intoArray(c, cFrom + LANES);
    s02.intoArray(c, cFrom + 2 * LANES);
    s03.intoArray(c, cFrom + 3 * LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s12.intoArray(c, c1 + 2 * LANES);
    s13.intoArray(c, c1 + 3 * LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s22.intoArray(c, c2 + 2 * LANES);
    s23.intoArray(c, c2 + 3 * LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s32.intoArray(c, c3 + 2 * LANES);
    s33.intoArray(c, c3 + 3 * LANES);
  }

  private static void fourByTwo(
      float[] a,
      int aFrom,
      int aRow,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int cRow,
      int count) {
    int c1 = cFrom + cRow;
    int c2 = cFrom + 2 * cRow;
    int c3 = cFrom + 3 * cRow;
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, cFrom);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, cFrom + LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3);
    FloatVector s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    int at = aFrom;
    int bt = bFrom;
    for (int k = 0; k < count; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = v0.fma(b0, s00);
      s01 = v0.fma(b1, s01);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + aRow]);
      s10 = v1.fma(b0, s10);
      s11 = v1.fma(b1, s11);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2 * aRow]);
      s20 = v2.fma(b0, s20);
      s21 = v2.fma(b1, s21);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3 * aRow]);
      s30 = v3.fma(b0, s30);
      s31 = v3.fma(b1, s31);
      at += aStep;
      bt += bStep;
    }
    s00.intoArray(c, cFrom);
    s01.intoArray(c, cFrom + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
  }

  private static void oneByEight(
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int count) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, cFrom);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, cFrom + LANES);
    FloatVector s02 = FloatVector.fromArray(SPECIES, c, cFrom + 2 * LANES);
    FloatVector s03 = FloatVector.fromArray(SPECIES, c, cFrom + 3 * LANES);
    FloatVector s04 = FloatVector.fromArray(SPECIES, c, cFrom + 4 * LANES);
    FloatVector s05 = FloatVector.fromArray(SPECIES, c, cFrom + 5 * LANES);
    FloatVector s06 = FloatVector.fromArray(SPECIES, c, cFrom + 6 * LANES);
    FloatVector s07 = FloatVector.fromArray(SPECIES, c, cFrom + 7 * LANES);
    int at = aFrom;
    int bt = bFrom;
    for (int k = 0; k < count; k++) {
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = FloatVector.fromArray(SPECIES, b, bt).fma(v0, s00);
      s01 = FloatVector.fromArray(SPECIES, b, bt + LANES).fma(v0, s01);
      s02 = FloatVector.fromArray(SPECIES, b, bt + 2 * LANES).fma(v0, s02);
      s03 = FloatVector.fromArray(SPECIES, b, bt + 3 * LANES).fma(v0, s03);
      s04 = FloatVector.fromArray(SPECIES, b, bt + 4 * LANES).fma(v0, s04);
      s05 = FloatVector.fromArray(SPECIES, b, bt + 5 * LANES).fma(v0, s05);
      s06 = FloatVector.fromArray(SPECIES, b, bt + 6 * LANES).fma(v0, s06);
      s07 = FloatVector.fromArray(SPECIES, b, bt + 7 * LANES).fma(v0, s07);
      at += aStep;
      bt += bStep;
    }
    s00.intoArray(c, cFrom);
    s01.intoArray(c, cFrom + LANES);
    s02.intoArray(c, cFrom + 2 * LANES);
    s03.intoArray(c, cFrom + 3 * LANES);
    s04.intoArray(c, cFrom + 4 * LANES);
    s05.intoArray(c, cFrom + 5 * LANES);
    s06.intoArray(c, cFrom + 6 * LANES);
    s07.intoArray(c, cFrom + 7 * LANES);
  }

  private static void oneByTwo(
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      float[] c,
      int cFrom,
      int count) {
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, cFrom);
    FloatVector s01 = FloatVector.fromArray(SPECIES, c, cFrom + LANES);
    int at = aFrom;
    int bt = bFrom;
    for (int k = 0; k < count; k++) {
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
      s00 = FloatVector.fromArray(SPECIES, b, bt).fma(v0, s00);
      s01 = FloatVector.fromArray(SPECIES, b, bt + LANES).fma(v0, s01);
      at += aStep;
      bt += bStep;
    }
    s00.intoArray(c, cFrom);
    s01.intoArray(c, cFrom + LANES);
  }
}
