package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of weights and of their gradients in {@link Winograd}, a vector of output channels
 * at a time.
 */
final class VectorWinogradWeights {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int TAPS = 3;

  private VectorWinogradWeights() {}

  /** u = G g G' of packed [3][3][ic][oc], and ut its transpose, unless that is empty. */
  static void transform(Conv2dShape s, float[] packed, float[] u, float[] ut, float[] rows) {
    int pairs = s.ic() * s.oc();
    for (int o = 0; o < s.oc(); o += LANES) {
      for (int i = 0; i < s.ic(); i++) {
        for (int row = 0; row < TAPS; row++) {
          int g = row * TAPS * pairs + i * s.oc() + o;
          weight(packed, g, pairs, rows, row * PATCH * PANEL, PANEL);
        }
        int at = (o / PANEL * s.ic() + i) * PANEL + o % PANEL;
        for (int column = 0; column < PATCH; column++) {
          int from = column * PANEL;
          weight(rows, from, PATCH * PANEL, u, at + column * pairs, PATCH * pairs);
        }
      }
    }
    if (ut.length > 0) {
      transpose(s.ic(), s.oc(), u, ut);
    }
  }

  private static void transpose(int ic, int oc, float[] u, float[] ut) {
    for (int p = 0; p < POINTS; p++) {
      for (int i = 0; i < ic; i++) {
        for (int o = 0; o < oc; o++) {
          ut[p * ic * oc + (i / PANEL * oc + o) * PANEL + i % PANEL] =
              u[p * ic * oc + (o / PANEL * ic + i) * PANEL + o % PANEL];
        }
      }
    }
  }

  /** dPacked [3][3][ic][oc] += G' dU G. */
  static void addPacked(int ic, int oc, float[] du, int duFrom, float[] rows, float[] dPacked) {
    int pairs = ic * oc;
    for (int o = 0; o < oc; o += LANES) {
      for (int i = 0; i < ic; i++) {
        int at = duFrom + (o / PANEL * ic + i) * PANEL + o % PANEL;
        for (int row = 0; row < PATCH; row++) {
          weightGradient(du, at + row * PATCH * pairs, pairs, rows, row * TAPS * PANEL);
        }
        for (int column = 0; column < TAPS; column++) {
          int to = column * pairs + i * oc + o;
          addWeightGradient(rows, column * PANEL, dPacked, to, TAPS * pairs);
        }
      }
    }
  }

  private static void weight(float[] s, int at, int step, float[] t, int to, int toStep) {
    FloatVector g0 = load(s, at), g1 = load(s, at + step), g2 = load(s, at + 2 * step);
    FloatVector even1 = fma(g2, -1 / 3f, g0.mul(-2 / 3f));
    FloatVector odd1 = g1.mul(-ROOT2 / 3);
    FloatVector even2 = fma(g2, 1 / 3f, g0.mul(1 / 6f));
    FloatVector odd2 = g1.mul(ROOT2 / 6);
    g0.intoArray(t, to);
    even1.add(odd1).intoArray(t, to + toStep);
    even1.sub(odd1).intoArray(t, to + 2 * toStep);
    even2.add(odd2).intoArray(t, to + 3 * toStep);
    even2.sub(odd2).intoArray(t, to + 4 * toStep);
    g2.intoArray(t, to + 5 * toStep);
  }

  private static void weightGradient(float[] s, int at, int step, float[] t, int to) {
    FloatVector m1 = load(s, at + step), m2 = load(s, at + 2 * step);
    FloatVector m3 = load(s, at + 3 * step), m4 = load(s, at + 4 * step);
    FloatVector sum1 = m1.add(m2), difference1 = m1.sub(m2);
    FloatVector sum2 = m3.add(m4), difference2 = m3.sub(m4);
    fma(sum2, 1 / 6f, fma(sum1, -2 / 3f, load(s, at))).intoArray(t, to);
    fma(difference2, ROOT2 / 6, difference1.mul(-ROOT2 / 3)).intoArray(t, to + PANEL);
    fma(sum2, 1 / 3f, fma(sum1, -1 / 3f, load(s, at + 5 * step))).intoArray(t, to + 2 * PANEL);
  }

  private static void addWeightGradient(float[] s, int at, float[] t, int to, int toStep) {
    int step = TAPS * PANEL;
    FloatVector m1 = load(s, at + step), m2 = load(s, at + 2 * step);
    FloatVector m3 = load(s, at + 3 * step), m4 = load(s, at + 4 * step);
    FloatVector sum1 = m1.add(m2), difference1 = m1.sub(m2);
    FloatVector sum2 = m3.add(m4), difference2 = m3.sub(m4);
    FloatVector g0 = fma(sum2, 1 / 6f, fma(sum1, -2 / 3f, load(s, at)));
    FloatVector g1 = fma(difference2, ROOT2 / 6, difference1.mul(-ROOT2 / 3));
    FloatVector g2 = fma(sum2, 1 / 3f, fma(sum1, -1 / 3f, load(s, at + 5 * step)));
    load(t, to).add(g0).intoArray(t, to);
    load(t, to + toStep).add(g1).intoArray(t, to + toStep);
    load(t, to + 2 * toStep).add(g2).intoArray(t, to + 2 * toStep);
  }

  private static FloatVector fma(FloatVector a, float b, FloatVector c) {
    return a.fma(FloatVector.broadcast(SPECIES, b), c);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
