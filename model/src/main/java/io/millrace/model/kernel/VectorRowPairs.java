package io.millrace.model.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Forward pass of a direct convolution whose outputs fill one vector, by pixels of two rows at a
 * time. Where a value that is broadcast meets a single vector of weights, loads take longer than
 * multiplications. Of two output rows one below the other, the upper one's kernel row kh + 1 and
 * the lower one's kernel row kh meet the same inputs, so that most values serve two. One instance
 * per thread.
 */
final class VectorRowPairs {
  private static final ThreadLocal<VectorRowPairs> LOCAL =
      ThreadLocal.withInitial(VectorRowPairs::new);

  private static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  private static final int LANES = SPECIES.length();

  /** Pixels of each of the two rows that a block computes. */
  private static final int PIXELS = 6;

  private final int[] aRow = new int[PIXELS];
  private final int[] cRow = new int[2 * PIXELS];
  private int pixels;

  private VectorRowPairs() {}

  /** The calling thread's own instance. */
  static VectorRowPairs local() {
    return LOCAL.get();
  }

  /** Whether there are registers, outputs as many as lanes, rows that meet, and no padding. */
  static boolean suits(Conv2dShape s) {
    return LANES == 16
        && s.oc() == LANES
        && s.groups() == 1
        && s.kh() > 1
        && s.oh() > 1
        && s.sh() == 1
        && s.dh() == 1
        && s.dw() == 1
        && s.ph() == 0
        && s.pw() == 0;
  }

  /**
   * y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, i of x[n][ih][iw][i] * packed[kh][kw][i][oc].
   */
  void forward(
      Conv2dShape s,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      int from,
      int to) {
    for (int n = from; n < to; n++) {
      for (int pair = 0; pair < s.oh(); pair += 2) {
        // The last of an odd number of rows is computed a second time.
        int oh = Math.min(pair, s.oh() - 2);
        for (int ow = 0; ow < s.ow(); ow++) {
          aRow[pixels] = ((n * s.ih() + oh) * s.iw() + ow * s.sw()) * s.ic();
          cRow[pixels] = ((n * s.oh() + oh) * s.ow() + ow) * LANES;
          cRow[PIXELS + pixels] = cRow[pixels] + s.ow() * LANES;
          pixels++;
          if (pixels == PIXELS) {
            flush(s, x, packed, bias, relu, y);
          }
        }
      }
    }
    flush(s, x, packed, bias, relu, y);
  }

  /** Computes the pixels added so far; spare ones repeat the last. */
  private void flush(
      Conv2dShape s, float[] x, float[] packed, float[] bias, boolean relu, float[] y) {
    if (pixels == 0) {
      return;
    }
    Arrays.fill(aRow, pixels, PIXELS, aRow[pixels - 1]);
    Arrays.fill(cRow, pixels, PIXELS, cRow[pixels - 1]);
    Arrays.fill(cRow, PIXELS + pixels, 2 * PIXELS, cRow[PIXELS + pixels - 1]);
    pixels = 0;
    sixByTwo(x, aRow, s.iw() * s.ic(), packed, s.kh(), s.kw() * s.ic(), bias, y, cRow);
    if (relu) {
      NarrowBlock.rectify(y, cRow, 0);
    }
  }

  /**
   * For r below 6: c[cRow[r] + j] = bias[j] + sum over t in [0, runs), i in [0, length), in that
   * order, of a[aRow[r] + t * down + i] * b[(t * length + i) * 16 + j], and at cRow[6 + r] the same
   * of what lies {@code down} further in a.
   */
  private static void sixByTwo(
      float[] a,
      int[] aRow,
      int down,
      float[] b,
      int runs,
      int length,
      float[] bias,
      float[] c,
      int[] cRow) {
    int a0 = aRow[0], a1 = aRow[1], a2 = aRow[2], a3 = aRow[3], a4 = aRow[4], a5 = aRow[5];
    FloatVector x0 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector x1 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector x2 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector x3 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector x4 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector x5 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y0 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y1 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y2 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y3 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y4 = FloatVector.fromArray(SPECIES, bias, 0);
    FloatVector y5 = FloatVector.fromArray(SPECIES, bias, 0);
    for (int i = 0; i < length; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, i * LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[a0 + i]);
      x0 = v0.fma(b0, x0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[a1 + i]);
      x1 = v1.fma(b0, x1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[a2 + i]);
      x2 = v2.fma(b0, x2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[a3 + i]);
      x3 = v3.fma(b0, x3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[a4 + i]);
      x4 = v4.fma(b0, x4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[a5 + i]);
      x5 = v5.fma(b0, x5);
    }
    for (int t = 1; t < runs; t++) {
      int bt = t * length;
      int t0 = a0 + t * down;
      int t1 = a1 + t * down;
      int t2 = a2 + t * down;
      int t3 = a3 + t * down;
      int t4 = a4 + t * down;
      int t5 = a5 + t * down;
      for (int i = 0; i < length; i++) {
        FloatVector bx = FloatVector.fromArray(SPECIES, b, (bt + i) * LANES);
        FloatVector by = FloatVector.fromArray(SPECIES, b, (bt + i - length) * LANES);
        FloatVector v0 = FloatVector.broadcast(SPECIES, a[t0 + i]);
        x0 = v0.fma(bx, x0);
        y0 = v0.fma(by, y0);
        FloatVector v1 = FloatVector.broadcast(SPECIES, a[t1 + i]);
        x1 = v1.fma(bx, x1);
        y1 = v1.fma(by, y1);
        FloatVector v2 = FloatVector.broadcast(SPECIES, a[t2 + i]);
        x2 = v2.fma(bx, x2);
        y2 = v2.fma(by, y2);
        FloatVector v3 = FloatVector.broadcast(SPECIES, a[t3 + i]);
        x3 = v3.fma(bx, x3);
        y3 = v3.fma(by, y3);
        FloatVector v4 = FloatVector.broadcast(SPECIES, a[t4 + i]);
        x4 = v4.fma(bx, x4);
        y4 = v4.fma(by, y4);
        FloatVector v5 = FloatVector.broadcast(SPECIES, a[t5 + i]);
        x5 = v5.fma(bx, x5);
        y5 = v5.fma(by, y5);
      }
    }
    int bt = (runs - 1) * length;
    int end = runs * down;
    int e0 = a0 + end;
    int e1 = a1 + end;
    int e2 = a2 + end;
    int e3 = a3 + end;
    int e4 = a4 + end;
    int e5 = a5 + end;
    for (int i = 0; i < length; i++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, (bt + i) * LANES);
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[e0 + i]);
      y0 = v0.fma(b0, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[e1 + i]);
      y1 = v1.fma(b0, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[e2 + i]);
      y2 = v2.fma(b0, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[e3 + i]);
      y3 = v3.fma(b0, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[e4 + i]);
      y4 = v4.fma(b0, y4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[e5 + i]);
      y5 = v5.fma(b0, y5);
    }
    x0.intoArray(c, cRow[0]);
    x1.intoArray(c, cRow[1]);
    x2.intoArray(c, cRow[2]);
    x3.intoArray(c, cRow[3]);
    x4.intoArray(c, cRow[4]);
    x5.intoArray(c, cRow[5]);
    y0.intoArray(c, cRow[6]);
    y1.intoArray(c, cRow[7]);
    y2.intoArray(c, cRow[8]);
    y3.intoArray(c, cRow[9]);
    y4.intoArray(c, cRow[10]);
    y5.intoArray(c, cRow[11]);
  }
}
