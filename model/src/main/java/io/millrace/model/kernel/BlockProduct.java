package io.millrace.model.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The inner kernel of convolution and linear layers: a block of {@link #ROWS} result rows by one or
 * two vectors of columns, which stays in registers across the whole reduction:
 *
 * <pre>
 * c[cRow[r] + column] += sum over i, j, k (in that order) of
 *     a[aRow[r] + i*aOuter + j*aMiddle + k*aInner] * b[bFrom + i*bOuter + j*bMiddle + k*bInner + column]
 * </pre>
 *
 * Each result is one chain of fused multiply-adds that starts at its present value. Lanes run
 * across columns, and each value of a is broadcast. Mutable and reused by one thread, because
 * kernels allocate nothing.
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

  private int outer;
  private int aOuter;
  private int bOuter;
  private int middle;
  private int aMiddle;
  private int bMiddle;
  private int inner;
  private int aInner;
  private int bInner;

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

  void outerLoop(int count, int aStep, int bStep) {
    outer = count;
    aOuter = aStep;
    bOuter = bStep;
  }

  void middleLoop(int count, int aStep, int bStep) {
    middle = count;
    aMiddle = aStep;
    bMiddle = bStep;
  }

  void innerLoop(int count, int aStep, int bStep) {
    inner = count;
    aInner = aStep;
    bInner = bStep;
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
    FloatVector s00 = load(c, c0), s01 = load(c, c0 + LANES);
    FloatVector s10 = load(c, c1), s11 = load(c, c1 + LANES);
    FloatVector s20 = load(c, c2), s21 = load(c, c2 + LANES);
    FloatVector s30 = load(c, c3), s31 = load(c, c3 + LANES);
    FloatVector s40 = load(c, c4), s41 = load(c, c4 + LANES);
    FloatVector s50 = load(c, c5), s51 = load(c, c5 + LANES);
    int inner = this.inner;
    int aInner = this.aInner;
    int bInner = this.bInner;
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < middle; j++) {
        int at = i * aOuter + j * aMiddle;
        int bt = bFrom + column + i * bOuter + j * bMiddle;
        for (int k = 0; k < inner; k++) {
          FloatVector b0 = load(b, bt), b1 = load(b, bt + LANES);
          FloatVector v0 = broadcast(a, a0 + at);
          s00 = v0.fma(b0, s00);
          s01 = v0.fma(b1, s01);
          FloatVector v1 = broadcast(a, a1 + at);
          s10 = v1.fma(b0, s10);
          s11 = v1.fma(b1, s11);
          FloatVector v2 = broadcast(a, a2 + at);
          s20 = v2.fma(b0, s20);
          s21 = v2.fma(b1, s21);
          FloatVector v3 = broadcast(a, a3 + at);
          s30 = v3.fma(b0, s30);
          s31 = v3.fma(b1, s31);
          FloatVector v4 = broadcast(a, a4 + at);
          s40 = v4.fma(b0, s40);
          s41 = v4.fma(b1, s41);
          FloatVector v5 = broadcast(a, a5 + at);
          s50 = v5.fma(b0, s50);
          s51 = v5.fma(b1, s51);
          at += aInner;
          bt += bInner;
        }
      }
    }
    store(s00, s01, c, c0);
    store(s10, s11, c, c1);
    store(s20, s21, c, c2);
    store(s30, s31, c, c3);
    store(s40, s41, c, c4);
    store(s50, s51, c, c5);
  }

  private void oneVector(float[] c, int[] cRow, int cColumn, int column) {
    float[] a = this.a;
    float[] b = this.b;
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    int c0 = cRow[0] + cColumn, c1 = cRow[1] + cColumn, c2 = cRow[2] + cColumn;
    int c3 = cRow[3] + cColumn, c4 = cRow[4] + cColumn, c5 = cRow[5] + cColumn;
    FloatVector s0 = load(c, c0), s1 = load(c, c1), s2 = load(c, c2);
    FloatVector s3 = load(c, c3), s4 = load(c, c4), s5 = load(c, c5);
    int inner = this.inner;
    int aInner = this.aInner;
    int bInner = this.bInner;
    int whole = b.length - LANES;
    for (int i = 0; i < outer; i++) {
      for (int j = 0; j < middle; j++) {
        int at = i * aOuter + j * aMiddle;
        int bt = bFrom + column + i * bOuter + j * bMiddle;
        for (int k = 0; k < inner; k++) {
          // Lanes beyond the last column read what follows in b; at its very end, in a copy. No
          // vector may come out of a branch or a method here, where C2 might allocate it.
          float[] source = b;
          int from = bt;
          if (bt > whole) {
            System.arraycopy(b, bt, endOfB, 0, b.length - bt);
            source = endOfB;
            from = 0;
          }
          FloatVector b0 = load(source, from);
          s0 = broadcast(a, a0 + at).fma(b0, s0);
          s1 = broadcast(a, a1 + at).fma(b0, s1);
          s2 = broadcast(a, a2 + at).fma(b0, s2);
          s3 = broadcast(a, a3 + at).fma(b0, s3);
          s4 = broadcast(a, a4 + at).fma(b0, s4);
          s5 = broadcast(a, a5 + at).fma(b0, s5);
          at += aInner;
          bt += bInner;
        }
      }
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

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float[] array, int at) {
    return FloatVector.broadcast(SPECIES, array[at]);
  }

  private static void store(FloatVector left, FloatVector right, float[] array, int at) {
    left.intoArray(array, at);
    right.intoArray(array, at + LANES);
  }
}
