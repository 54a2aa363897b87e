package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.QUARTER_ROOT2;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.TWICE_ROOT2;

/**
 * The one-dimensional transforms of {@link Winograd}, in place, on elements at, at + step, ...
 * Their order of operations is the one that every twin keeps.
 */
final class ScalarTransforms {
  private ScalarTransforms() {}

  /** B': 6 inputs to 6 points. */
  static void input(float[] t, int at, int step) {
    float d0 = t[at], d1 = t[at + step], d2 = t[at + 2 * step];
    float d3 = t[at + 3 * step], d4 = t[at + 4 * step], d5 = t[at + 5 * step];
    float even1 = Math.fma(d2, -2f, d4);
    float odd1 = Math.fma(d3, HALF_ROOT2, d1 * -ROOT2);
    float even2 = Math.fma(d2, -0.5f, d4);
    float odd2 = Math.fma(d3, ROOT2, d1 * -HALF_ROOT2);
    t[at] = Math.fma(d2, -2.5f, d0 + d4);
    t[at + step] = even1 + odd1;
    t[at + 2 * step] = even1 - odd1;
    t[at + 3 * step] = even2 + odd2;
    t[at + 4 * step] = even2 - odd2;
    t[at + 5 * step] = Math.fma(d3, -2.5f, d1 + d5);
  }

  /** B: 6 points' gradients to 6 inputs'. */
  static void inputGradient(float[] t, int at, int step) {
    float v0 = t[at], v5 = t[at + 5 * step];
    float sum1 = t[at + step] + t[at + 2 * step];
    float difference1 = t[at + step] - t[at + 2 * step];
    float sum2 = t[at + 3 * step] + t[at + 4 * step];
    float difference2 = t[at + 3 * step] - t[at + 4 * step];
    t[at] = v0;
    t[at + step] = Math.fma(difference2, -HALF_ROOT2, Math.fma(difference1, -ROOT2, v5));
    t[at + 2 * step] = Math.fma(sum2, -0.5f, Math.fma(sum1, -2f, v0 * -2.5f));
    t[at + 3 * step] = Math.fma(difference2, ROOT2, Math.fma(difference1, HALF_ROOT2, v5 * -2.5f));
    t[at + 4 * step] = v0 + sum1 + sum2;
    t[at + 5 * step] = v5;
  }

  /** A': 6 points to 4 outputs. */
  static void output(float[] t, int at, int step) {
    float sum1 = t[at + step] + t[at + 2 * step];
    float difference1 = t[at + step] - t[at + 2 * step];
    float sum2 = t[at + 3 * step] + t[at + 4 * step];
    float difference2 = t[at + 3 * step] - t[at + 4 * step];
    float m5 = t[at + 5 * step];
    t[at] = t[at] + sum1 + sum2;
    t[at + step] = Math.fma(difference2, ROOT2, difference1 * HALF_ROOT2);
    t[at + 2 * step] = Math.fma(sum2, 2f, sum1 * 0.5f);
    t[at + 3 * step] = Math.fma(difference2, TWICE_ROOT2, Math.fma(difference1, QUARTER_ROOT2, m5));
  }

  /** A: 4 outputs' gradients to 6 points'. */
  static void outputGradient(float[] t, int at, int step) {
    float y0 = t[at], y1 = t[at + step], y2 = t[at + 2 * step], y3 = t[at + 3 * step];
    float even1 = Math.fma(y2, 0.5f, y0);
    float odd1 = Math.fma(y3, QUARTER_ROOT2, y1 * HALF_ROOT2);
    float even2 = Math.fma(y2, 2f, y0);
    float odd2 = Math.fma(y3, TWICE_ROOT2, y1 * ROOT2);
    t[at + step] = even1 + odd1;
    t[at + 2 * step] = even1 - odd1;
    t[at + 3 * step] = even2 + odd2;
    t[at + 4 * step] = even2 - odd2;
    t[at + 5 * step] = y3;
  }

  /** G: 3 weights to 6 points. */
  static void weight(float[] t, int at, int step) {
    float g0 = t[at], g1 = t[at + step], g2 = t[at + 2 * step];
    float even1 = Math.fma(g2, -1 / 3f, g0 * (-2 / 3f));
    float odd1 = g1 * (-ROOT2 / 3);
    float even2 = Math.fma(g2, 1 / 3f, g0 * (1 / 6f));
    float odd2 = g1 * (ROOT2 / 6);
    t[at + step] = even1 + odd1;
    t[at + 2 * step] = even1 - odd1;
    t[at + 3 * step] = even2 + odd2;
    t[at + 4 * step] = even2 - odd2;
    t[at + 5 * step] = g2;
  }

  /** G': 6 points' gradients to 3 weights'. */
  static void weightGradient(float[] t, int at, int step) {
    float sum1 = t[at + step] + t[at + 2 * step];
    float difference1 = t[at + step] - t[at + 2 * step];
    float sum2 = t[at + 3 * step] + t[at + 4 * step];
    float difference2 = t[at + 3 * step] - t[at + 4 * step];
    t[at] = Math.fma(sum2, 1 / 6f, Math.fma(sum1, -2 / 3f, t[at]));
    t[at + step] = Math.fma(difference2, ROOT2 / 6, difference1 * (-ROOT2 / 3));
    t[at + 2 * step] = Math.fma(sum2, 1 / 3f, Math.fma(sum1, -1 / 3f, t[at + 5 * step]));
  }
}
