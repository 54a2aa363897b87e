package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.STEP;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products between the Winograd transforms, one for each point. A block of results stays
 * in registers over the whole reduction, and each result is one chain of fused multiply-adds. All
 * matrices lie in panels of {@link Winograd#PANEL} columns, so that rows are a constant apart: one
 * register then addresses all rows of a block.
 *
 * <p>The blocks are written out by hand because they have to be: in a loop over an array of vectors
 * C2 allocates each.
 */
final class VectorGemm {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int PANEL_STEP = POINTS * STEP;

  private VectorGemm() {}

  /**
   * For each point c[columns/16][rows][16] = a[inner/16][rows][16] * b[columns/16][inner][16], from
   * zero on. Panels of a and c are laid out as {@link Winograd#STEP} says. Rows are computed in
   * blocks: what follows the last, up to a multiple of 16, is overwritten.
   */
  static void multiply(float[] work, int a, float[] b, int c, int rows, int inner, int columns) {
    for (int p = 0; p < POINTS; p++) {
      int from = a + p * STEP;
      for (int column = 0; column < columns; column += PANEL) {
        int to = c + column / PANEL * PANEL_STEP + p * STEP;
        int b0 = p * Winograd.weightStep(inner, columns) + column * inner;
        if (LANES < PANEL) {
          narrow(work, from, b, b0, to, rows, inner);
        } else if (column + PANEL < columns) {
          int b1 = b0 + inner * PANEL;
          for (int r = 0; r < rows * PANEL; r += 8 * PANEL) {
            eightByTwo(work, from + r, b, b0, b1, work, to + r, to + r + PANEL_STEP, inner);
          }
          column += PANEL;
        } else {
          for (int r = 0; r < rows * PANEL; r += 16 * PANEL) {
            sixteenByOne(work, from + r, b, b0, work, to + r, inner);
          }
        }
      }
    }
  }

  private static void narrow(
      float[] work, int from, float[] b, int b0, int to, int rows, int inner) {
    for (int lane = 0; lane < PANEL; lane += 2 * LANES) {
      int x = b0 + lane;
      int y = x + LANES;
      int r = 0;
      for (; r < rows - 4; r += 6) {
        int c0 = to + r * PANEL + lane;
        sixByTwo(work, from + r * PANEL, b, x, y, work, c0, c0 + LANES, inner);
      }
      if (r < rows) {
        int c0 = to + r * PANEL + lane;
        fourByTwo(work, from + r * PANEL, b, x, y, work, c0, c0 + LANES, inner);
      }
    }
  }

  /** 8 rows by 2 vectors. */
  private static void eightByTwo(
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int inner) {
    FloatVector x0 = FloatVector.zero(SPECIES), y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES), y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES), y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES), y3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES), y4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES), y5 = FloatVector.zero(SPECIES);
    FloatVector x6 = FloatVector.zero(SPECIES), y6 = FloatVector.zero(SPECIES);
    FloatVector x7 = FloatVector.zero(SPECIES), y7 = FloatVector.zero(SPECIES);
    for (int panel = 0; panel < inner; panel += PANEL) {
      int from = a0 + panel * (POINTS * STEP / PANEL);
      int x = b0 + panel * PANEL;
      int y = b1 + panel * PANEL;
      for (int i = 0; i < PANEL; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, x + i * PANEL),
            by = FloatVector.fromArray(SPECIES, b, y + i * PANEL);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[from + i]);
        x0 = v0.fma(bx, x0);
        y0 = v0.fma(by, y0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[from + i + 1 * PANEL]);
        x1 = v1.fma(bx, x1);
        y1 = v1.fma(by, y1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[from + i + 2 * PANEL]);
        x2 = v2.fma(bx, x2);
        y2 = v2.fma(by, y2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[from + i + 3 * PANEL]);
        x3 = v3.fma(bx, x3);
        y3 = v3.fma(by, y3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[from + i + 4 * PANEL]);
        x4 = v4.fma(bx, x4);
        y4 = v4.fma(by, y4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[from + i + 5 * PANEL]);
        x5 = v5.fma(bx, x5);
        y5 = v5.fma(by, y5);
        FloatVector v6 = FloatVector.broadcast(SPECIES, a[from + i + 6 * PANEL]);
        x6 = v6.fma(bx, x6);
        y6 = v6.fma(by, y6);
        FloatVector v7 = FloatVector.broadcast(SPECIES, a[from + i + 7 * PANEL]);
        x7 = v7.fma(bx, x7);
        y7 = v7.fma(by, y7);
      }
    }
    x0.intoArray(c, c0);
    y0.intoArray(c, c1);
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

  /** 16 rows by 1 vector. */
  private static void sixteenByOne(
      float[] a, int a0, float[] b, int b0, float[] c, int c0, int inner) {
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
    FloatVector x12 = FloatVector.zero(SPECIES);
    FloatVector x13 = FloatVector.zero(SPECIES);
    FloatVector x14 = FloatVector.zero(SPECIES);
    FloatVector x15 = FloatVector.zero(SPECIES);
    for (int panel = 0; panel < inner; panel += PANEL) {
      int from = a0 + panel * (POINTS * STEP / PANEL);
      int x = b0 + panel * PANEL;
      for (int i = 0; i < PANEL; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, x + i * PANEL);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[from + i]);
        x0 = v0.fma(bx, x0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[from + i + 1 * PANEL]);
        x1 = v1.fma(bx, x1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[from + i + 2 * PANEL]);
        x2 = v2.fma(bx, x2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[from + i + 3 * PANEL]);
        x3 = v3.fma(bx, x3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[from + i + 4 * PANEL]);
        x4 = v4.fma(bx, x4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[from + i + 5 * PANEL]);
        x5 = v5.fma(bx, x5);
        FloatVector v6 = FloatVector.broadcast(SPECIES, a[from + i + 6 * PANEL]);
        x6 = v6.fma(bx, x6);
        FloatVector v7 = FloatVector.broadcast(SPECIES, a[from + i + 7 * PANEL]);
        x7 = v7.fma(bx, x7);
        FloatVector v8 = FloatVector.broadcast(SPECIES, a[from + i + 8 * PANEL]);
        x8 = v8.fma(bx, x8);
        FloatVector v9 = FloatVector.broadcast(SPECIES, a[from + i + 9 * PANEL]);
        x9 = v9.fma(bx, x9);
        FloatVector v10 = FloatVector.broadcast(SPECIES, a[from + i + 10 * PANEL]);
        x10 = v10.fma(bx, x10);
        FloatVector v11 = FloatVector.broadcast(SPECIES, a[from + i + 11 * PANEL]);
        x11 = v11.fma(bx, x11);
        FloatVector v12 = FloatVector.broadcast(SPECIES, a[from + i + 12 * PANEL]);
        x12 = v12.fma(bx, x12);
        FloatVector v13 = FloatVector.broadcast(SPECIES, a[from + i + 13 * PANEL]);
        x13 = v13.fma(bx, x13);
        FloatVector v14 = FloatVector.broadcast(SPECIES, a[from + i + 14 * PANEL]);
        x14 = v14.fma(bx, x14);
        FloatVector v15 = FloatVector.broadcast(SPECIES, a[from + i + 15 * PANEL]);
        x15 = v15.fma(bx, x15);
      }
    }
    x0.intoArray(c, c0);
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

  /** 6 rows by 2 vectors: with 3 operands they just fit 16 vector registers. */
  private static void sixByTwo(
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int inner) {
    FloatVector x0 = FloatVector.zero(SPECIES), y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES), y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES), y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES), y3 = FloatVector.zero(SPECIES);
    FloatVector x4 = FloatVector.zero(SPECIES), y4 = FloatVector.zero(SPECIES);
    FloatVector x5 = FloatVector.zero(SPECIES), y5 = FloatVector.zero(SPECIES);
    for (int panel = 0; panel < inner; panel += PANEL) {
      int from = a0 + panel * (POINTS * STEP / PANEL);
      int x = b0 + panel * PANEL;
      int y = b1 + panel * PANEL;
      for (int i = 0; i < PANEL; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, x + i * PANEL),
            by = FloatVector.fromArray(SPECIES, b, y + i * PANEL);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[from + i]);
        x0 = v0.fma(bx, x0);
        y0 = v0.fma(by, y0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[from + i + 1 * PANEL]);
        x1 = v1.fma(bx, x1);
        y1 = v1.fma(by, y1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[from + i + 2 * PANEL]);
        x2 = v2.fma(bx, x2);
        y2 = v2.fma(by, y2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[from + i + 3 * PANEL]);
        x3 = v3.fma(bx, x3);
        y3 = v3.fma(by, y3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[from + i + 4 * PANEL]);
        x4 = v4.fma(bx, x4);
        y4 = v4.fma(by, y4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[from + i + 5 * PANEL]);
        x5 = v5.fma(bx, x5);
        y5 = v5.fma(by, y5);
      }
    }
    x0.intoArray(c, c0);
    y0.intoArray(c, c1);
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
  }

  /** 4 rows by 2 vectors. */
  private static void fourByTwo(
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int inner) {
    FloatVector x0 = FloatVector.zero(SPECIES), y0 = FloatVector.zero(SPECIES);
    FloatVector x1 = FloatVector.zero(SPECIES), y1 = FloatVector.zero(SPECIES);
    FloatVector x2 = FloatVector.zero(SPECIES), y2 = FloatVector.zero(SPECIES);
    FloatVector x3 = FloatVector.zero(SPECIES), y3 = FloatVector.zero(SPECIES);
    for (int panel = 0; panel < inner; panel += PANEL) {
      int from = a0 + panel * (POINTS * STEP / PANEL);
      int x = b0 + panel * PANEL;
      int y = b1 + panel * PANEL;
      for (int i = 0; i < PANEL; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, x + i * PANEL),
            by = FloatVector.fromArray(SPECIES, b, y + i * PANEL);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[from + i]);
        x0 = v0.fma(bx, x0);
        y0 = v0.fma(by, y0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[from + i + 1 * PANEL]);
        x1 = v1.fma(bx, x1);
        y1 = v1.fma(by, y1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[from + i + 2 * PANEL]);
        x2 = v2.fma(bx, x2);
        y2 = v2.fma(by, y2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[from + i + 3 * PANEL]);
        x3 = v3.fma(bx, x3);
        y3 = v3.fma(by, y3);
      }
    }
    x0.intoArray(c, c0);
    y0.intoArray(c, c1);
    x1.intoArray(c, c0 + 1 * PANEL);
    y1.intoArray(c, c1 + 1 * PANEL);
    x2.intoArray(c, c0 + 2 * PANEL);
    y2.intoArray(c, c1 + 2 * PANEL);
    x3.intoArray(c, c0 + 3 * PANEL);
    y3.intoArray(c, c1 + 3 * PANEL);
  }
}
