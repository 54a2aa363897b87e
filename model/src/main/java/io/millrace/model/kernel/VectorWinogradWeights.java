package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of weights in {@link Winograd}, a vector of channels at a time; written as {@link
 * VectorInputTransform} is, and for the same reasons.
 */
final class VectorWinogradWeights {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int TAPS = 9;
  private static final float[] FACTORS =
      Winograd.panels(-1 / 3f, -2 / 3f, -ROOT2 / 3, 1 / 3f, 1 / 6f, ROOT2 / 6);

  private VectorWinogradWeights() {}

  /**
   * u = G g G' of weight [oc][ic][3][3], and ut its transpose, unless that is empty; {@code taps}
   * is a buffer for the weights of a panel.
   */
  static void transform(Conv2dShape s, float[] weight, float[] u, float[] ut, float[] taps) {
    int ic = s.ic();
    int oc = s.oc();
    int step = Winograd.weightStep(ic, oc);
    for (int o = 0; o < oc; o += PANEL) {
      for (int i = 0; i < ic; i++) {
        gather(weight, (o * ic + i) * TAPS, ic * TAPS, taps);
        points(taps, u, o * ic + i * PANEL, step);
      }
    }
    if (ut.length > 0) {
      for (int i = 0; i < ic; i += PANEL) {
        for (int o = 0; o < oc; o++) {
          gather(weight, (o * ic + i) * TAPS, TAPS, taps);
          points(taps, ut, i * oc + o * PANEL, step);
        }
      }
    }
  }

  /** taps[9][16] = the weights of 16 pairs of channels. */
  private static void gather(float[] weight, int from, int step, float[] taps) {
    for (int lane = 0; lane < PANEL; lane++) {
      int at = from + lane * step;
      for (int tap = 0; tap < TAPS; tap++) {
        taps[tap * PANEL + lane] = weight[at + tap];
      }
    }
  }

  private static void points(float[] taps, float[] u, int to, int step) {
    for (int lane = 0; lane < PANEL; lane += LANES) {
      outerPoints(taps, lane, u, to + lane, step);
      innerPoints(taps, lane, u, to + lane + step, step);
    }
  }

  /** The first and the last column of points. */
  private static void outerPoints(float[] g, int at, float[] u, int to, int step) {
    FloatVector minusThird = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusTwoThirds = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector minusThirdRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector third = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector sixth = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector sixthRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    int below = PATCH * step;
    FloatVector p0 = FloatVector.fromArray(SPECIES, g, at);
    FloatVector q0 = FloatVector.fromArray(SPECIES, g, at + 2 * PANEL);
    FloatVector p1 = FloatVector.fromArray(SPECIES, g, at + 3 * PANEL);
    FloatVector q1 = FloatVector.fromArray(SPECIES, g, at + 5 * PANEL);
    FloatVector p2 = FloatVector.fromArray(SPECIES, g, at + 6 * PANEL);
    FloatVector q2 = FloatVector.fromArray(SPECIES, g, at + 8 * PANEL);
    FloatVector pEven1 = p2.fma(minusThird, p0.mul(minusTwoThirds));
    FloatVector pOdd1 = p1.mul(minusThirdRoot2);
    FloatVector pEven2 = p2.fma(third, p0.mul(sixth));
    FloatVector pOdd2 = p1.mul(sixthRoot2);
    p0.intoArray(u, to);
    pEven1.add(pOdd1).intoArray(u, to + below);
    pEven1.sub(pOdd1).intoArray(u, to + 2 * below);
    pEven2.add(pOdd2).intoArray(u, to + 3 * below);
    pEven2.sub(pOdd2).intoArray(u, to + 4 * below);
    p2.intoArray(u, to + 5 * below);
    int last = to + 5 * step;
    FloatVector qEven1 = q2.fma(minusThird, q0.mul(minusTwoThirds));
    FloatVector qOdd1 = q1.mul(minusThirdRoot2);
    FloatVector qEven2 = q2.fma(third, q0.mul(sixth));
    FloatVector qOdd2 = q1.mul(sixthRoot2);
    q0.intoArray(u, last);
    qEven1.add(qOdd1).intoArray(u, last + below);
    qEven1.sub(qOdd1).intoArray(u, last + 2 * below);
    qEven2.add(qOdd2).intoArray(u, last + 3 * below);
    qEven2.sub(qOdd2).intoArray(u, last + 4 * below);
    q2.intoArray(u, last + 5 * below);
  }

  /** The four columns between. */
  private static void innerPoints(float[] g, int at, float[] u, int to, int step) {
    FloatVector minusThird = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusTwoThirds = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector minusThirdRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector third = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector sixth = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector sixthRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    int below = PATCH * step;
    FloatVector even0 =
        FloatVector.fromArray(SPECIES, g, at + 2 * PANEL)
            .fma(minusThird, FloatVector.fromArray(SPECIES, g, at).mul(minusTwoThirds));
    FloatVector odd0 = FloatVector.fromArray(SPECIES, g, at + PANEL).mul(minusThirdRoot2);
    FloatVector p0 = even0.add(odd0), q0 = even0.sub(odd0);
    FloatVector even1 =
        FloatVector.fromArray(SPECIES, g, at + 5 * PANEL)
            .fma(minusThird, FloatVector.fromArray(SPECIES, g, at + 3 * PANEL).mul(minusTwoThirds));
    FloatVector odd1 = FloatVector.fromArray(SPECIES, g, at + 4 * PANEL).mul(minusThirdRoot2);
    FloatVector p1 = even1.add(odd1), q1 = even1.sub(odd1);
    FloatVector even2 =
        FloatVector.fromArray(SPECIES, g, at + 8 * PANEL)
            .fma(minusThird, FloatVector.fromArray(SPECIES, g, at + 6 * PANEL).mul(minusTwoThirds));
    FloatVector odd2 = FloatVector.fromArray(SPECIES, g, at + 7 * PANEL).mul(minusThirdRoot2);
    FloatVector p2 = even2.add(odd2), q2 = even2.sub(odd2);
    FloatVector pEven1 = p2.fma(minusThird, p0.mul(minusTwoThirds));
    FloatVector pOdd1 = p1.mul(minusThirdRoot2);
    FloatVector pEven2 = p2.fma(third, p0.mul(sixth));
    FloatVector pOdd2 = p1.mul(sixthRoot2);
    p0.intoArray(u, to);
    pEven1.add(pOdd1).intoArray(u, to + below);
    pEven1.sub(pOdd1).intoArray(u, to + 2 * below);
    pEven2.add(pOdd2).intoArray(u, to + 3 * below);
    pEven2.sub(pOdd2).intoArray(u, to + 4 * below);
    p2.intoArray(u, to + 5 * below);
    int second = to + step;
    FloatVector qEven1 = q2.fma(minusThird, q0.mul(minusTwoThirds));
    FloatVector qOdd1 = q1.mul(minusThirdRoot2);
    FloatVector qEven2 = q2.fma(third, q0.mul(sixth));
    FloatVector qOdd2 = q1.mul(sixthRoot2);
    q0.intoArray(u, second);
    qEven1.add(qOdd1).intoArray(u, second + below);
    qEven1.sub(qOdd1).intoArray(u, second + 2 * below);
    qEven2.add(qOdd2).intoArray(u, second + 3 * below);
    qEven2.sub(qOdd2).intoArray(u, second + 4 * below);
    q2.intoArray(u, second + 5 * below);
    FloatVector further0 =
        FloatVector.fromArray(SPECIES, g, at + 2 * PANEL)
            .fma(third, FloatVector.fromArray(SPECIES, g, at).mul(sixth));
    FloatVector beside0 = FloatVector.fromArray(SPECIES, g, at + PANEL).mul(sixthRoot2);
    FloatVector s0 = further0.add(beside0), t0 = further0.sub(beside0);
    FloatVector further1 =
        FloatVector.fromArray(SPECIES, g, at + 5 * PANEL)
            .fma(third, FloatVector.fromArray(SPECIES, g, at + 3 * PANEL).mul(sixth));
    FloatVector beside1 = FloatVector.fromArray(SPECIES, g, at + 4 * PANEL).mul(sixthRoot2);
    FloatVector s1 = further1.add(beside1), t1 = further1.sub(beside1);
    FloatVector further2 =
        FloatVector.fromArray(SPECIES, g, at + 8 * PANEL)
            .fma(third, FloatVector.fromArray(SPECIES, g, at + 6 * PANEL).mul(sixth));
    FloatVector beside2 = FloatVector.fromArray(SPECIES, g, at + 7 * PANEL).mul(sixthRoot2);
    FloatVector s2 = further2.add(beside2), t2 = further2.sub(beside2);
    int thirdColumn = to + 2 * step;
    FloatVector sEven1 = s2.fma(minusThird, s0.mul(minusTwoThirds));
    FloatVector sOdd1 = s1.mul(minusThirdRoot2);
    FloatVector sEven2 = s2.fma(third, s0.mul(sixth));
    FloatVector sOdd2 = s1.mul(sixthRoot2);
    s0.intoArray(u, thirdColumn);
    sEven1.add(sOdd1).intoArray(u, thirdColumn + below);
    sEven1.sub(sOdd1).intoArray(u, thirdColumn + 2 * below);
    sEven2.add(sOdd2).intoArray(u, thirdColumn + 3 * below);
    sEven2.sub(sOdd2).intoArray(u, thirdColumn + 4 * below);
    s2.intoArray(u, thirdColumn + 5 * below);
    int fourth = to + 3 * step;
    FloatVector tEven1 = t2.fma(minusThird, t0.mul(minusTwoThirds));
    FloatVector tOdd1 = t1.mul(minusThirdRoot2);
    FloatVector tEven2 = t2.fma(third, t0.mul(sixth));
    FloatVector tOdd2 = t1.mul(sixthRoot2);
    t0.intoArray(u, fourth);
    tEven1.add(tOdd1).intoArray(u, fourth + below);
    tEven1.sub(tOdd1).intoArray(u, fourth + 2 * below);
    tEven2.add(tOdd2).intoArray(u, fourth + 3 * below);
    tEven2.sub(tOdd2).intoArray(u, fourth + 4 * below);
    t2.intoArray(u, fourth + 5 * below);
  }
}
