package io.millrace.model.kernel;

import static io.millrace.model.kernel.FewChannels.WINDOW;
import static io.millrace.model.kernel.VectorTapBlocks.LANES;
import static io.millrace.model.kernel.VectorTapBlocks.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Backward weight of a convolution of {@link FewChannels} with lanes across all of its taps. */
final class VectorTaps {
  /** Output channels of a block. */
  private static final int ROWS = FewChannels.ROWS;

  private VectorTaps() {}

  /**
   * dPacked[kh][kw][ic][oc] += sum over n, ow, oh of padded x * dy. A column of pixels finds its
   * taps side by side: those of pixel oh are kh rows of kw*ic floats from row oh on.
   */
  static void backwardWeight(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, float[] workspace, int from, int to) {
    int oc = s.oc();
    int outputs = FewChannels.roundUp(oc, ROWS);
    int padded = outputs * WINDOW;
    int columns = padded + FewChannels.paddedElements(s) + WINDOW;
    int taps = s.kw() * s.ic();
    int height = s.ih() + 2 * s.ph();
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    int column = height * taps;
    int pixels = s.oh();
    int width = s.ow();
    int gradients = columns + width * column + WINDOW;
    Arrays.fill(workspace, 0, gradients + outputs * pixels, 0);
    copyResults(s, dPacked, workspace, true);
    for (int n = from; n < to; n++) {
      VectorFewChannels.padRows(s, x, n, workspace, padded);
      // All columns first: to load what was only just stored in other pieces takes long.
      for (int ow = 0; ow < width; ow++) {
        copyColumn(workspace, padded + ow * s.ic(), row, columns + ow * column, taps, height);
      }
      for (int ow = 0; ow < width; ow++) {
        int b = columns + ow * column;
        int a = (n * pixels * width + ow) * oc;
        if (outputs == oc) {
          addColumn(dy, a, width * oc, pixels, workspace, b, taps, outputs);
        } else {
          for (int oh = 0; oh < pixels; oh++) {
            System.arraycopy(dy, a + oh * width * oc, workspace, gradients + oh * outputs, oc);
          }
          addColumn(workspace, gradients, outputs, pixels, workspace, b, taps, outputs);
        }
      }
    }
    copyResults(s, dPacked, workspace, false);
  }

  private static void addColumn(
      float[] dy, int a, int aStep, int pixels, float[] workspace, int b, int bStep, int outputs) {
    for (int o = 0; o < outputs; o += ROWS) {
      for (int tap = 0; tap < WINDOW; tap += 2 * LANES) {
        int c = o * WINDOW + tap;
        if (BlockProduct.LANES > 8) {
          sixByTwo(dy, a + o, aStep, pixels, workspace, b + tap, bStep, c);
        } else {
          threeByTwo(dy, a + o, aStep, pixels, workspace, b + tap, bStep, c);
          threeByTwo(dy, a + o + 3, aStep, pixels, workspace, b + tap, bStep, c + 3 * WINDOW);
        }
      }
    }
  }

  /** workspace[to..][rows][taps] = workspace[from..]; what a vector has too much is overwritten. */
  private static void copyColumn(
      float[] workspace, int from, int fromStep, int to, int taps, int rows) {
    for (int i = FewChannels.roundUp(taps, LANES) - LANES; i >= 0; i -= LANES) {
      for (int row = 0; row < rows; row++) {
        FloatVector.fromArray(SPECIES, workspace, from + row * fromStep + i)
            .intoArray(workspace, to + row * taps + i);
      }
    }
  }

  /** workspace[oc][32] from or to dPacked[kh*kw*ic][oc]. */
  private static void copyResults(Conv2dShape s, float[] dPacked, float[] workspace, boolean in) {
    int count = s.kh() * s.kw() * s.ic();
    for (int tap = 0, at = 0; tap < count; tap++) {
      for (int o = 0; o < s.oc(); o++, at++) {
        if (in) {
          workspace[o * WINDOW + tap] = dPacked[at];
        } else {
          dPacked[at] = workspace[o * WINDOW + tap];
        }
      }
    }
  }

  /**
   * 6 outputs by 2 vectors of taps: c[c0 + r*32 + lane] += sum over i of a[a0 + i*aStep + r] * c[b0
   * + i*bStep + lane].
   */
  private static void sixByTwo(
      float[] a, int a0, int aStep, int k, float[] c, int b0, int bStep, int c0) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * WINDOW),
        y0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * WINDOW + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * WINDOW),
        y1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * WINDOW + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * WINDOW),
        y2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * WINDOW + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * WINDOW),
        y3 = FloatVector.fromArray(SPECIES, c, c0 + 3 * WINDOW + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * WINDOW),
        y4 = FloatVector.fromArray(SPECIES, c, c0 + 4 * WINDOW + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * WINDOW),
        y5 = FloatVector.fromArray(SPECIES, c, c0 + 5 * WINDOW + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, c, b0 + i * bStep),
          by = FloatVector.fromArray(SPECIES, c, b0 + i * bStep + LANES);
      int at = a0 + i * aStep;
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
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
    }
    x0.intoArray(c, c0 + 0 * WINDOW);
    y0.intoArray(c, c0 + 0 * WINDOW + LANES);
    x1.intoArray(c, c0 + 1 * WINDOW);
    y1.intoArray(c, c0 + 1 * WINDOW + LANES);
    x2.intoArray(c, c0 + 2 * WINDOW);
    y2.intoArray(c, c0 + 2 * WINDOW + LANES);
    x3.intoArray(c, c0 + 3 * WINDOW);
    y3.intoArray(c, c0 + 3 * WINDOW + LANES);
    x4.intoArray(c, c0 + 4 * WINDOW);
    y4.intoArray(c, c0 + 4 * WINDOW + LANES);
    x5.intoArray(c, c0 + 5 * WINDOW);
    y5.intoArray(c, c0 + 5 * WINDOW + LANES);
  }

  /** As {@link #sixByTwo}, with 3 outputs: with 6 of them C2 needs more than 16 registers. */
  private static void threeByTwo(
      float[] a, int a0, int aStep, int k, float[] c, int b0, int bStep, int c0) {
    FloatVector x0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * WINDOW),
        y0 = FloatVector.fromArray(SPECIES, c, c0 + 0 * WINDOW + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * WINDOW),
        y1 = FloatVector.fromArray(SPECIES, c, c0 + 1 * WINDOW + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * WINDOW),
        y2 = FloatVector.fromArray(SPECIES, c, c0 + 2 * WINDOW + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, c, b0 + i * bStep),
          by = FloatVector.fromArray(SPECIES, c, b0 + i * bStep + LANES);
      int at = a0 + i * aStep;
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
    }
    x0.intoArray(c, c0 + 0 * WINDOW);
    y0.intoArray(c, c0 + 0 * WINDOW + LANES);
    x1.intoArray(c, c0 + 1 * WINDOW);
    y1.intoArray(c, c0 + 1 * WINDOW + LANES);
    x2.intoArray(c, c0 + 2 * WINDOW);
    y2.intoArray(c, c0 + 2 * WINDOW + LANES);
  }
}
