package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.STEP;

import java.lang.invoke.VarHandle;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The matrix products of the Winograd weight gradients, one for each point: the reduction runs down
 * the columns of both factors. Blocks of results stay in registers, as in {@link VectorGemm}.
 */
final class VectorTransposedGemm {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int PANEL_STEP = POINTS * STEP;

  private VectorTransposedGemm() {}

  /**
   * For each point c[columns/16][rows][16] += a[rows/16][tiles][16] transposed *
   * b[columns/16][tiles][16].
   */
  static void multiply(float[] work, int a, int b, int c, int tiles, int rows, int columns) {
    for (int p = 0; p < POINTS; p++) {
      int from = a + p * STEP;
      for (int column = 0; column < columns; column += PANEL) {
        int b0 = b + column / PANEL * PANEL_STEP + p * STEP;
        int to = c + p * Winograd.weightStep(rows, columns) + column * rows;
        if (LANES < PANEL) {
          narrow(work, from, b0, to, tiles, rows);
        } else if (column + PANEL < columns) {
          twoPanels(work, from, b0, to, tiles, rows);
          column += PANEL;
        } else {
          for (int r = 0; r < rows; r += PANEL) {
            int a0 = from + r / PANEL * PANEL_STEP;
            sixteenByOne(work, a0, work, b0, work, to + r * PANEL, tiles);
          }
        }
      }
    }
  }

  private static void twoPanels(float[] work, int from, int b0, int to, int tiles, int rows) {
    int b1 = b0 + PANEL_STEP;
    for (int r = 0; r < rows; r += 8) {
      int a0 = from + r / PANEL * PANEL_STEP + r % PANEL;
      int c0 = to + r * PANEL;
      eightByTwo(work, a0, work, b0, b1, work, c0, c0 + rows * PANEL, tiles);
    }
  }

  private static void narrow(float[] work, int from, int b, int to, int tiles, int rows) {
    for (int lane = 0; lane < PANEL; lane += 2 * LANES) {
      int b0 = b + lane;
      int b1 = b0 + LANES;
      for (int r = 0; r < rows; r += PANEL) {
        int a0 = from + r / PANEL * PANEL_STEP;
        int c0 = to + r * PANEL + lane;
        int c1 = c0 + LANES;
        sixByTwo(work, a0, work, b0, b1, work, c0, c1, tiles);
        sixByTwo(work, a0 + 6, work, b0, b1, work, c0 + 6 * PANEL, c1 + 6 * PANEL, tiles);
        fourByTwo(work, a0 + 12, work, b0, b1, work, c0 + 12 * PANEL, c1 + 12 * PANEL, tiles);
      }
    }
  }

  /** 8 rows by 2 vectors. */
  private static void eightByTwo(
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int tiles) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0),
        y0 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * PANEL),
        y1 = FloatVector.fromArray(SPECIES, c, c1 + 1 * PANEL);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL),
        y2 = FloatVector.fromArray(SPECIES, c, c1 + 2 * PANEL);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL),
        y3 = FloatVector.fromArray(SPECIES, c, c1 + 3 * PANEL);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL),
        y4 = FloatVector.fromArray(SPECIES, c, c1 + 4 * PANEL);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL),
        y5 = FloatVector.fromArray(SPECIES, c, c1 + 5 * PANEL);
    FloatVector x6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * PANEL),
        y6 = FloatVector.fromArray(SPECIES, c, c1 + 6 * PANEL);
    FloatVector x7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * PANEL),
        y7 = FloatVector.fromArray(SPECIES, c, c1 + 7 * PANEL);
    for (int i = 0; i < tiles; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * PANEL),
          by = FloatVector.fromArray(SPECIES, b, b1 + i * PANEL);
      int at = a0 + i * PANEL;
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
      FloatVector v6 = FloatVector.broadcast(SPECIES, a[at + 6]);
      x6 = v6.fma(bx, x6);
      y6 = v6.fma(by, y6);
      FloatVector v7 = FloatVector.broadcast(SPECIES, a[at + 7]);
      x7 = v7.fma(bx, x7);
      y7 = v7.fma(by, y7);
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
      float[] a, int a0, float[] b, int b0, float[] c, int c0, int tiles) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * PANEL);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL);
    FloatVector x6 = FloatVector.fromArray(SPECIES, c, c0 + 6 * PANEL);
    FloatVector x7 = FloatVector.fromArray(SPECIES, c, c0 + 7 * PANEL);
    FloatVector x8 = FloatVector.fromArray(SPECIES, c, c0 + 8 * PANEL);
    FloatVector x9 = FloatVector.fromArray(SPECIES, c, c0 + 9 * PANEL);
    FloatVector x10 = FloatVector.fromArray(SPECIES, c, c0 + 10 * PANEL);
    FloatVector x11 = FloatVector.fromArray(SPECIES, c, c0 + 11 * PANEL);
    FloatVector x12 = FloatVector.fromArray(SPECIES, c, c0 + 12 * PANEL);
    FloatVector x13 = FloatVector.fromArray(SPECIES, c, c0 + 13 * PANEL);
    FloatVector x14 = FloatVector.fromArray(SPECIES, c, c0 + 14 * PANEL);
    FloatVector x15 = FloatVector.fromArray(SPECIES, c, c0 + 15 * PANEL);
    for (int i = 0; i < tiles; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * PANEL);
      int at = a0 + i * PANEL;
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
      FloatVector v14 = FloatVector.broadcast(SPECIES, a[at + 14]);
      x14 = v14.fma(bx, x14);
      FloatVector v15 = FloatVector.broadcast(SPECIES, a[at + 15]);
      x15 = v15.fma(bx, x15);
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

  /** 6 rows by 2 vectors; the fences keep C2 from loading more than fits 16 registers. */
  private static void sixByTwo(
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int tiles) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0),
        y0 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * PANEL),
        y1 = FloatVector.fromArray(SPECIES, c, c1 + 1 * PANEL);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL),
        y2 = FloatVector.fromArray(SPECIES, c, c1 + 2 * PANEL);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL),
        y3 = FloatVector.fromArray(SPECIES, c, c1 + 3 * PANEL);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * PANEL),
        y4 = FloatVector.fromArray(SPECIES, c, c1 + 4 * PANEL);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * PANEL),
        y5 = FloatVector.fromArray(SPECIES, c, c1 + 5 * PANEL);
    for (int i = 0; i < tiles; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * PANEL),
          by = FloatVector.fromArray(SPECIES, b, b1 + i * PANEL);
      int at = a0 + i * PANEL;
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      VarHandle.loadLoadFence();
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      VarHandle.loadLoadFence();
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      VarHandle.loadLoadFence();
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      VarHandle.loadLoadFence();
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      VarHandle.loadLoadFence();
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[at + 5]);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
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
      float[] a, int a0, float[] b, int b0, int b1, float[] c, int c0, int c1, int tiles) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0),
        y0 = FloatVector.fromArray(SPECIES, c, c1);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * PANEL),
        y1 = FloatVector.fromArray(SPECIES, c, c1 + 1 * PANEL);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * PANEL),
        y2 = FloatVector.fromArray(SPECIES, c, c1 + 2 * PANEL);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * PANEL),
        y3 = FloatVector.fromArray(SPECIES, c, c1 + 3 * PANEL);
    for (int i = 0; i < tiles; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, b, b0 + i * PANEL),
          by = FloatVector.fromArray(SPECIES, b, b1 + i * PANEL);
      int at = a0 + i * PANEL;
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
