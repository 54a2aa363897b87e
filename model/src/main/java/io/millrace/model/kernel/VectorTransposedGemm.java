package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products of the Winograd weight gradients, one for each point: the reduction runs down
 * the columns of both factors. Blocks of results stay in registers, as in {@link VectorGemm}.
 */
final class VectorTransposedGemm {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private VectorTransposedGemm() {}

  /**
   * c[columns/16][rows][16] += a[k][rows] transposed * b[k][columns]; rows and columns are
   * multiples of 16.
   */
  static void multiply(
      float[] a,
      int aFrom,
      float[] b,
      int bFrom,
      float[] c,
      int cFrom,
      int rows,
      int k,
      int columns) {
    int panel = rows * PANEL;
    int pair = LANES == PANEL && columns > PANEL ? 2 * PANEL : PANEL;
    for (int column = 0; column < columns; column += pair) {
      if (LANES == PANEL && column + PANEL < columns) {
        for (int r = 0; r < rows; r += 8) {
          int at = cFrom + column / PANEL * panel + r * PANEL;
          int b0 = bFrom + column;
          eightByTwo(a, aFrom + r, rows, b, b0, b0 + PANEL, columns, c, at, at + panel, k);
        }
      } else {
        onePanel(a, aFrom, b, bFrom + column, c, cFrom + column / PANEL * panel, rows, k, columns);
      }
    }
  }

  private static void onePanel(
      float[] a,
      int aFrom,
      float[] b,
      int bFrom,
      float[] c,
      int cFrom,
      int rows,
      int k,
      int columns) {
    for (int column = 0; column < PANEL; column += 2 * LANES) {
      int b0 = bFrom + column;
      for (int r = 0; r < rows; r += LANES == PANEL ? 16 : 4) {
        int at = cFrom + r * PANEL + column;
        if (LANES == PANEL) {
          sixteenByOne(a, aFrom + r, rows, b, b0, columns, c, at, k);
        } else {
          fourByTwo(a, aFrom + r, rows, b, b0, b0 + LANES, columns, c, at, at + LANES, k);
        }
      }
    }
  }

  /** 8 rows by 2 vectors. */
  private static void eightByTwo(
      float[] a,
      int a0,
      int aStep,
      float[] b,
      int b0,
      int b1,
      int bStep,
      float[] c,
      int c0,
      int c1,
      int k) {
    FloatVector x0 = load(c, c0 + 0 * PANEL), y0 = load(c, c1 + 0 * PANEL);
    FloatVector x1 = load(c, c0 + 1 * PANEL), y1 = load(c, c1 + 1 * PANEL);
    FloatVector x2 = load(c, c0 + 2 * PANEL), y2 = load(c, c1 + 2 * PANEL);
    FloatVector x3 = load(c, c0 + 3 * PANEL), y3 = load(c, c1 + 3 * PANEL);
    FloatVector x4 = load(c, c0 + 4 * PANEL), y4 = load(c, c1 + 4 * PANEL);
    FloatVector x5 = load(c, c0 + 5 * PANEL), y5 = load(c, c1 + 5 * PANEL);
    FloatVector x6 = load(c, c0 + 6 * PANEL), y6 = load(c, c1 + 6 * PANEL);
    FloatVector x7 = load(c, c0 + 7 * PANEL), y7 = load(c, c1 + 7 * PANEL);
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * bStep), by = load(b, b1 + i * bStep);
      int at = a0 + i * aStep;
      FloatVector v0 = broadcast(a, at + 0);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = broadcast(a, at + 1);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = broadcast(a, at + 2);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = broadcast(a, at + 3);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = broadcast(a, at + 4);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = broadcast(a, at + 5);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
      FloatVector v6 = broadcast(a, at + 6);
      x6 = v6.fma(bx, x6);
      y6 = v6.fma(by, y6);
      FloatVector v7 = broadcast(a, at + 7);
      x7 = v7.fma(bx, x7);
      y7 = v7.fma(by, y7);
    }
    x0.intoArray(c, c0 + 0 * PANEL);
    y0.intoArray(c, c1 + 0 * PANEL);
    x1.intoArray(c, c0 + 1 * PANEL);
    y1.intoArray(c, c1 + 1 * PANEL);
    x2.intoArray(c, c0 + 2 * PANEL);
    y2.intoArray(c, c1 + 2 * PANEL);
    x3.intoArray(c, c0 + 3 * PANEL);
    y3.intoArray(c, c1 + 3 * PANEL);
    x4.intoArray(c, c0 + 4 * PANEL);
    y4.intoArray(c, c1 + 4 * PANEL);
    x5.intoArray(c, c0 + 5 * PANEL);
    y5.intoArray(c, c1 + 5 * PANEL);
    x6.intoArray(c, c0 + 6 * PANEL);
    y6.intoArray(c, c1 + 6 * PANEL);
    x7.intoArray(c, c0 + 7 * PANEL);
    y7.intoArray(c, c1 + 7 * PANEL);
  }

  /** 4 rows by 2 vectors. */
  private static void fourByTwo(
      float[] a,
      int a0,
      int aStep,
      float[] b,
      int b0,
      int b1,
      int bStep,
      float[] c,
      int c0,
      int c1,
      int k) {
    FloatVector x0 = load(c, c0 + 0 * PANEL), y0 = load(c, c1 + 0 * PANEL);
    FloatVector x1 = load(c, c0 + 1 * PANEL), y1 = load(c, c1 + 1 * PANEL);
    FloatVector x2 = load(c, c0 + 2 * PANEL), y2 = load(c, c1 + 2 * PANEL);
    FloatVector x3 = load(c, c0 + 3 * PANEL), y3 = load(c, c1 + 3 * PANEL);
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * bStep), by = load(b, b1 + i * bStep);
      int at = a0 + i * aStep;
      FloatVector v0 = broadcast(a, at + 0);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = broadcast(a, at + 1);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = broadcast(a, at + 2);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = broadcast(a, at + 3);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
    }
    x0.intoArray(c, c0 + 0 * PANEL);
    y0.intoArray(c, c1 + 0 * PANEL);
    x1.intoArray(c, c0 + 1 * PANEL);
    y1.intoArray(c, c1 + 1 * PANEL);
    x2.intoArray(c, c0 + 2 * PANEL);
    y2.intoArray(c, c1 + 2 * PANEL);
    x3.intoArray(c, c0 + 3 * PANEL);
    y3.intoArray(c, c1 + 3 * PANEL);
  }

  /** 16 rows by 1 vector. */
  private static void sixteenByOne(
      float[] a, int a0, int aStep, float[] b, int b0, int bStep, float[] c, int c0, int k) {
    FloatVector x0 = load(c, c0 + 0 * PANEL);
    FloatVector x1 = load(c, c0 + 1 * PANEL);
    FloatVector x2 = load(c, c0 + 2 * PANEL);
    FloatVector x3 = load(c, c0 + 3 * PANEL);
    FloatVector x4 = load(c, c0 + 4 * PANEL);
    FloatVector x5 = load(c, c0 + 5 * PANEL);
    FloatVector x6 = load(c, c0 + 6 * PANEL);
    FloatVector x7 = load(c, c0 + 7 * PANEL);
    FloatVector x8 = load(c, c0 + 8 * PANEL);
    FloatVector x9 = load(c, c0 + 9 * PANEL);
    FloatVector x10 = load(c, c0 + 10 * PANEL);
    FloatVector x11 = load(c, c0 + 11 * PANEL);
    FloatVector x12 = load(c, c0 + 12 * PANEL);
    FloatVector x13 = load(c, c0 + 13 * PANEL);
    FloatVector x14 = load(c, c0 + 14 * PANEL);
    FloatVector x15 = load(c, c0 + 15 * PANEL);
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * bStep);
      int at = a0 + i * aStep;
      FloatVector v0 = broadcast(a, at + 0);
      x0 = v0.fma(bx, x0);
      FloatVector v1 = broadcast(a, at + 1);
      x1 = v1.fma(bx, x1);
      FloatVector v2 = broadcast(a, at + 2);
      x2 = v2.fma(bx, x2);
      FloatVector v3 = broadcast(a, at + 3);
      x3 = v3.fma(bx, x3);
      FloatVector v4 = broadcast(a, at + 4);
      x4 = v4.fma(bx, x4);
      FloatVector v5 = broadcast(a, at + 5);
      x5 = v5.fma(bx, x5);
      FloatVector v6 = broadcast(a, at + 6);
      x6 = v6.fma(bx, x6);
      FloatVector v7 = broadcast(a, at + 7);
      x7 = v7.fma(bx, x7);
      FloatVector v8 = broadcast(a, at + 8);
      x8 = v8.fma(bx, x8);
      FloatVector v9 = broadcast(a, at + 9);
      x9 = v9.fma(bx, x9);
      FloatVector v10 = broadcast(a, at + 10);
      x10 = v10.fma(bx, x10);
      FloatVector v11 = broadcast(a, at + 11);
      x11 = v11.fma(bx, x11);
      FloatVector v12 = broadcast(a, at + 12);
      x12 = v12.fma(bx, x12);
      FloatVector v13 = broadcast(a, at + 13);
      x13 = v13.fma(bx, x13);
      FloatVector v14 = broadcast(a, at + 14);
      x14 = v14.fma(bx, x14);
      FloatVector v15 = broadcast(a, at + 15);
      x15 = v15.fma(bx, x15);
    }
    x0.intoArray(c, c0 + 0 * PANEL);
    x1.intoArray(c, c0 + 1 * PANEL);
    x2.intoArray(c, c0 + 2 * PANEL);
    x3.intoArray(c, c0 + 3 * PANEL);
    x4.intoArray(c, c0 + 4 * PANEL);
    x5.intoArray(c, c0 + 5 * PANEL);
    x6.intoArray(c, c0 + 6 * PANEL);
    x7.intoArray(c, c0 + 7 * PANEL);
    x8.intoArray(c, c0 + 8 * PANEL);
    x9.intoArray(c, c0 + 9 * PANEL);
    x10.intoArray(c, c0 + 10 * PANEL);
    x11.intoArray(c, c0 + 11 * PANEL);
    x12.intoArray(c, c0 + 12 * PANEL);
    x13.intoArray(c, c0 + 13 * PANEL);
    x14.intoArray(c, c0 + 14 * PANEL);
    x15.intoArray(c, c0 + 15 * PANEL);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float[] array, int at) {
    return FloatVector.broadcast(SPECIES, array[at]);
  }
}
