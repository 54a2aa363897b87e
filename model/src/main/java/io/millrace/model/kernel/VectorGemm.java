package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products between the Winograd transforms, one for each point. A block of results stays
 * in registers over the whole reduction, and each result is one chain of fused multiply-adds. The
 * right-hand matrix lies in panels of {@link Winograd#PANEL} columns.
 *
 * <p>The blocks are written out by hand because they have to be: in a loop over an array of vectors
 * C2 allocates each.
 */
final class VectorGemm {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private VectorGemm() {}

  /**
   * c[rows][columns] = a[rows][k] * b[columns/16][k][16], from zero on. Rows are computed in
   * blocks: up to 11 beyond the last are overwritten.
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
    int panel = k * PANEL;
    if (LANES == PANEL) {
      int column = 0;
      for (; column + 2 * PANEL <= columns; column += 2 * PANEL) {
        int b0 = bFrom + column * k;
        for (int r = 0; r < rows; r += 8) {
          int at = cFrom + r * columns + column;
          eightByTwo(a, aFrom + r * k, k, b, b0, b0 + panel, c, at, at + PANEL, columns, k);
        }
      }
      if (column < columns) {
        for (int r = 0; r < rows; r += 12) {
          int at = cFrom + r * columns + column;
          twelveByOne(a, aFrom + r * k, k, b, bFrom + column * k, c, at, columns, k);
        }
      }
      return;
    }
    for (int column = 0; column < columns; column += 2 * LANES) {
      int b0 = bFrom + column / PANEL * panel + column % PANEL;
      for (int r = 0; r < rows; r += 6) {
        int at = cFrom + r * columns + column;
        sixByTwo(a, aFrom + r * k, k, b, b0, b0 + LANES, c, at, at + LANES, columns, k);
      }
    }
  }

  /** 8 rows by 2 vectors. */
  private static void eightByTwo(
      float[] a,
      int a0,
      int aRow,
      float[] b,
      int b0,
      int b1,
      float[] c,
      int c0,
      int c1,
      int cRow,
      int k) {
    FloatVector x0 = FloatVector.zero(SPECIES), y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES), y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES), y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES), y3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES), y4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES), y5 = FloatVector.zero(SPECIES);
    FloatVector x6 = FloatVector.zero(SPECIES), y6 = FloatVector.zero(SPECIES);
    FloatVector x7 = FloatVector.zero(SPECIES), y7 = FloatVector.zero(SPECIES);
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int a4 = a3 + aRow;
    int a5 = a4 + aRow;
    int a6 = a5 + aRow;
    int a7 = a6 + aRow;
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * PANEL), by = load(b, b1 + i * PANEL);
      FloatVector v0 = broadcast(a, a0 + i);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = broadcast(a, a1 + i);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = broadcast(a, a2 + i);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = broadcast(a, a3 + i);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = broadcast(a, a4 + i);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = broadcast(a, a5 + i);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
      FloatVector v6 = broadcast(a, a6 + i);
      x6 = v6.fma(bx, x6);
      y6 = v6.fma(by, y6);
      FloatVector v7 = broadcast(a, a7 + i);
      x7 = v7.fma(bx, x7);
      y7 = v7.fma(by, y7);
    }
    x0.intoArray(c, c0 + 0 * cRow);
    y0.intoArray(c, c1 + 0 * cRow);
    x1.intoArray(c, c0 + 1 * cRow);
    y1.intoArray(c, c1 + 1 * cRow);
    x2.intoArray(c, c0 + 2 * cRow);
    y2.intoArray(c, c1 + 2 * cRow);
    x3.intoArray(c, c0 + 3 * cRow);
    y3.intoArray(c, c1 + 3 * cRow);
    x4.intoArray(c, c0 + 4 * cRow);
    y4.intoArray(c, c1 + 4 * cRow);
    x5.intoArray(c, c0 + 5 * cRow);
    y5.intoArray(c, c1 + 5 * cRow);
    x6.intoArray(c, c0 + 6 * cRow);
    y6.intoArray(c, c1 + 6 * cRow);
    x7.intoArray(c, c0 + 7 * cRow);
    y7.intoArray(c, c1 + 7 * cRow);
  }

  /** 12 rows by 1 vector. */
  private static void twelveByOne(
      float[] a, int a0, int aRow, float[] b, int b0, float[] c, int c0, int cRow, int k) {
    FloatVector x0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES);
    FloatVector x6 = FloatVector.zero(SPECIES);
    FloatVector x7 = FloatVector.zero(SPECIES);
    FloatVector x8 = FloatVector.zero(SPECIES);
    FloatVector x9 = FloatVector.zero(SPECIES);
    FloatVector x10 = FloatVector.zero(SPECIES);
    FloatVector x11 = FloatVector.zero(SPECIES);
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int a4 = a3 + aRow;
    int a5 = a4 + aRow;
    int a6 = a5 + aRow;
    int a7 = a6 + aRow;
    int a8 = a7 + aRow;
    int a9 = a8 + aRow;
    int a10 = a9 + aRow;
    int a11 = a10 + aRow;
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * PANEL);
      FloatVector v0 = broadcast(a, a0 + i);
      x0 = v0.fma(bx, x0);
      FloatVector v1 = broadcast(a, a1 + i);
      x1 = v1.fma(bx, x1);
      FloatVector v2 = broadcast(a, a2 + i);
      x2 = v2.fma(bx, x2);
      FloatVector v3 = broadcast(a, a3 + i);
      x3 = v3.fma(bx, x3);
      FloatVector v4 = broadcast(a, a4 + i);
      x4 = v4.fma(bx, x4);
      FloatVector v5 = broadcast(a, a5 + i);
      x5 = v5.fma(bx, x5);
      FloatVector v6 = broadcast(a, a6 + i);
      x6 = v6.fma(bx, x6);
      FloatVector v7 = broadcast(a, a7 + i);
      x7 = v7.fma(bx, x7);
      FloatVector v8 = broadcast(a, a8 + i);
      x8 = v8.fma(bx, x8);
      FloatVector v9 = broadcast(a, a9 + i);
      x9 = v9.fma(bx, x9);
      FloatVector v10 = broadcast(a, a10 + i);
      x10 = v10.fma(bx, x10);
      FloatVector v11 = broadcast(a, a11 + i);
      x11 = v11.fma(bx, x11);
    }
    x0.intoArray(c, c0 + 0 * cRow);
    x1.intoArray(c, c0 + 1 * cRow);
    x2.intoArray(c, c0 + 2 * cRow);
    x3.intoArray(c, c0 + 3 * cRow);
    x4.intoArray(c, c0 + 4 * cRow);
    x5.intoArray(c, c0 + 5 * cRow);
    x6.intoArray(c, c0 + 6 * cRow);
    x7.intoArray(c, c0 + 7 * cRow);
    x8.intoArray(c, c0 + 8 * cRow);
    x9.intoArray(c, c0 + 9 * cRow);
    x10.intoArray(c, c0 + 10 * cRow);
    x11.intoArray(c, c0 + 11 * cRow);
  }

  /** 6 rows by 2 vectors: with 3 operands they just fit 16 vector registers. */
  private static void sixByTwo(
      float[] a,
      int a0,
      int aRow,
      float[] b,
      int b0,
      int b1,
      float[] c,
      int c0,
      int c1,
      int cRow,
      int k) {
    FloatVector x0 = FloatVector.zero(SPECIES), y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES), y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES), y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES), y3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES), y4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES), y5 = FloatVector.zero(SPECIES);
    int a1 = a0 + aRow;
    int a2 = a1 + aRow;
    int a3 = a2 + aRow;
    int a4 = a3 + aRow;
    int a5 = a4 + aRow;
    for (int i = 0; i < k; i++) {
      FloatVector bx = load(b, b0 + i * PANEL), by = load(b, b1 + i * PANEL);
      FloatVector v0 = broadcast(a, a0 + i);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = broadcast(a, a1 + i);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = broadcast(a, a2 + i);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = broadcast(a, a3 + i);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = broadcast(a, a4 + i);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = broadcast(a, a5 + i);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
    }
    x0.intoArray(c, c0 + 0 * cRow);
    y0.intoArray(c, c1 + 0 * cRow);
    x1.intoArray(c, c0 + 1 * cRow);
    y1.intoArray(c, c1 + 1 * cRow);
    x2.intoArray(c, c0 + 2 * cRow);
    y2.intoArray(c, c1 + 2 * cRow);
    x3.intoArray(c, c0 + 3 * cRow);
    y3.intoArray(c, c1 + 3 * cRow);
    x4.intoArray(c, c0 + 4 * cRow);
    y4.intoArray(c, c1 + 4 * cRow);
    x5.intoArray(c, c0 + 5 * cRow);
    y5.intoArray(c, c1 + 5 * cRow);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float[] array, int at) {
    return FloatVector.broadcast(SPECIES, array[at]);
  }
}
