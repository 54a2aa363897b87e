package io.millrace.model.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner kernel of convolution and linear layers: a block of {@link #ROWS} result rows by one or
 * two vectors of columns, which stays in registers across the whole reduction:
 *
 * <pre>
 * c[cRow[r] + column] += sum over k of a[aRow[r] + k * aStep] * b[bFrom + k * bStep + column]
 * </pre>
 *
 * Each result is one chain of fused multiply-adds that starts at its present value. Lanes run
 * across columns, and each value of a is broadcast. Mutable and reused by one thread, because
 * kernels allocate nothing.
 *
 * <p>Blocks call the Vector API themselves: it is always inlined, while helpers of ours are not
 * once a compilation has grown large, and their vectors then lie on the heap.
 */
final class BlockProduct {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** 6 rows by 2 vectors are 12 chains: with 3 operands they just fit 16 vector registers. */
  static final int ROWS = 6;

  private static final float[] NONE = {};

  private float[] a = NONE;
  private float[] b = NONE;
  private float[] c = NONE;
  private final int[] aRow = new int[ROWS];
  private final int[] cRow = new int[ROWS];

  private final float[] partC = new float[ROWS * LANES];
  private final int[] partRow = new int[ROWS];
  private final float[] endOfB = new float[LANES];
  private int rows;
  private int bFrom;
  private int columns;

  private int count;
  private int aStep;
  private int bStep;

  BlockProduct() {
    for (int r = 0; r < ROWS; r++) {
      partRow[r] = r * LANES;
    }
  }

  void arrays(float[] a, float[] b, float[] c) {
    this.a = a;
    this.b = b;
    this.c = c;
  }

  /** Forgets the arrays, which a thread-local must not keep alive. */
  void release() {
    arrays(NONE, NONE, NONE);
  }

  /** The reduction. */
  void loop(int count, int aStep, int bStep) {
    this.count = count;
    this.aStep = aStep;
    this.bStep = bStep;
  }

  /** What the rows to come are multiplied with, and how many columns they have. */
  void columns(int bFrom, int columns) {
    this.bFrom = bFrom;
    this.columns = columns;
  }

  /** Adds a result row to the block; a full block is computed at once. */
  void row(int aFrom, int cFrom) {
    aRow[rows] = aFrom;
    cRow[rows] = cFrom;
    rows++;
    if (rows == ROWS) {
      flush();
    }
  }

  /**
   * Computes the rows added so far. Spare rows repeat the last one: they compute and store the same
   * values a second time, which is cheaper than a kernel for every number of rows.
   */
  void flush() {
    if (rows == 0) {
      return;
    }
    Arrays.fill(aRow, rows, ROWS, aRow[rows - 1]);
    Arrays.fill(cRow, rows, ROWS, cRow[rows - 1]);
    rows = 0;
    int column = 0;
    for (; column + 2 * LANES <= columns; column += 2 * LANES) {
      twoVectors(column);
    }
    if (column + LANES <= columns) {
      oneVector(c, cRow, column, column);
      column += LANES;
    }
    if (column < columns) {
      partOfVector(column);
    }
  }

  private void twoVectors(int column) {
    float[] a = this.a;
    float[] b = this.b;
    float[] c = this.c;
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    int c0 = cRow[0] + column, c1 = cRow[1] + column, c2 = cRow[2] + column;
    int c3 = cRow[3] + column, c4 = cRow[4] + column, c5 = cRow[5] + column;
    FloatVector s00 = FloatVector.fromArray(SPECIES, c, c0),
        s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
    FloatVector s10 = FloatVector.fromArray(SPECIES, c, c1),
        s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
    FloatVector s20 = FloatVector.fromArray(SPECIES, c, c2),
        s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
    FloatVector s30 = FloatVector.fromArray(SPECIES, c, c3),
        s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
    FloatVector s40 = FloatVector.fromArray(SPECIES, c, c4),
        s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
    FloatVector s50 = FloatVector.fromArray(SPECIES, c, c5),
        s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
    int count = this.count;
    int aStep = this.aStep;
    int bStep = this.bStep;
    int at = 0;
    int bt = bFrom + column;
    for (int k = 0; k < count; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bt),
          b1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + at]);
      s00 = v0.fma(b0, s00);
      s01 = v0.fma(b1, s01);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + at]);
      s10 = v1.fma(b0, s10);
      s11 = v1.fma(b1, s11);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + at]);
      s20 = v2.fma(b0, s20);
      s21 = v2.fma(b1, s21);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + at]);
      s30 = v3.fma(b0, s30);
      s31 = v3.fma(b1, s31);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + at]);
      s40 = v4.fma(b0, s40);
      s41 = v4.fma(b1, s41);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + at]);
      s50 = v5.fma(b0, s50);
      s51 = v5.fma(b1, s51);
      at += aStep;
      bt += bStep;
    }
    s00.intoArray(c, c0);
    s01.intoArray(c, c0 + LANES);
    s10.intoArray(c, c1);
    s11.intoArray(c, c1 + LANES);
    s20.intoArray(c, c2);
    s21.intoArray(c, c2 + LANES);
    s30.intoArray(c, c3);
    s31.intoArray(c, c3 + LANES);
    s40.intoArray(c, c4);
    s41.intoArray(c, c4 + LANES);
    s50.intoArray(c, c5);
    s51.intoArray(c, c5 + LANES);
  }

  private void oneVector(float[] c, int[] cRow, int cColumn, int column) {
    float[] a = this.a;
    float[] b = this.b;
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    int c0 = cRow[0] + cColumn, c1 = cRow[1] + cColumn, c2 = cRow[2] + cColumn;
    int c3 = cRow[3] + cColumn, c4 = cRow[4] + cColumn, c5 = cRow[5] + cColumn;
    FloatVector s0 = FloatVector.fromArray(SPECIES, c, c0),
        s1 = FloatVector.fromArray(SPECIES, c, c1),
        s2 = FloatVector.fromArray(SPECIES, c, c2);
    FloatVector s3 = FloatVector.fromArray(SPECIES, c, c3),
        s4 = FloatVector.fromArray(SPECIES, c, c4),
        s5 = FloatVector.fromArray(SPECIES, c, c5);
    int count = this.count;
    int aStep = this.aStep;
    int bStep = this.bStep;
    int at = 0;
    int bt = bFrom + column;
    int whole = b.length - LANES;
    for (int k = 0; k < count; k++) {
      // Lanes beyond the last column read what follows in b; at its very end, in a copy. No
      // vector may come out of a branch or a method here, where C2 might allocate it.
      float[] source = b;
      int from = bt;
      if (bt > whole) {
        System.arraycopy(b, bt, endOfB, 0, b.length - bt);
        source = endOfB;
        from = 0;
      }
      FloatVector b0 = FloatVector.fromArray(SPECIES, source, from);
      s0 = FloatVector.broadcast(SPECIES, a[a0 + at]).fma(b0, s0);
      s1 = FloatVector.broadcast(SPECIES, a[a1 + at]).fma(b0, s1);
      s2 = FloatVector.broadcast(SPECIES, a[a2 + at]).fma(b0, s2);
      s3 = FloatVector.broadcast(SPECIES, a[a3 + at]).fma(b0, s3);
      s4 = FloatVector.broadcast(SPECIES, a[a4 + at]).fma(b0, s4);
      s5 = FloatVector.broadcast(SPECIES, a[a5 + at]).fma(b0, s5);
      at += aStep;
      bt += bStep;
    }
    s0.intoArray(c, c0);
    s1.intoArray(c, c1);
    s2.intoArray(c, c2);
    s3.intoArray(c, c3);
    s4.intoArray(c, c4);
    s5.intoArray(c, c5);
  }

  /**
   * The last columns, fewer than a vector, by way of a copy of the results. Masks would do the same
   * without one, but C2 then allocates vectors in the loop.
   */
  private void partOfVector(int column) {
    int count = columns - column;
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(c, cRow[r] + column, partC, partRow[r], count);
    }
    oneVector(partC, partRow, 0, column);
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(partC, partRow[r], c, cRow[r] + column, count);
    }
  }
}
