package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of weights and of their gradients in {@link Winograd}, a vector of channels at a
 * time; without loops within a vector and with factors from an array, as in {@link
 * VectorInputTransforms}.
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

  /** dPacked [3][3][ic][oc] += G' dU G. */
  static void addPacked(int ic, int oc, float[] du, int duFrom, float[] dPacked) {
    int pairs = ic * oc;
    int step = Winograd.weightStep(ic, oc);
    for (int o = 0; o < oc; o += LANES) {
      for (int i = 0; i < ic; i++) {
        int at = duFrom + (o / PANEL * ic + i) * PANEL + o % PANEL;
        int to = i * oc + o;
        addOuter(du, at, step, dPacked, to, pairs);
        addMiddle(du, at + step, step, dPacked, to + pairs, pairs);
      }
    }
  }

  /** The first and the last column of the weights. */
  private static void addOuter(float[] du, int at, int step, float[] g, int to, int tap) {
    FloatVector minusThird = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusTwoThirds = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector minusThirdRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector third = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector sixth = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector sixthRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    int row = at;
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p0 =
        far0.fma(sixth, near0.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q0 =
        far0.fma(third, near0.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    row += PATCH * step;
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p1 =
        far1.fma(sixth, near1.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q1 =
        far1.fma(third, near1.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    row += PATCH * step;
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p2 =
        far2.fma(sixth, near2.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q2 =
        far2.fma(third, near2.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    row += PATCH * step;
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p3 =
        far3.fma(sixth, near3.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q3 =
        far3.fma(third, near3.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    row += PATCH * step;
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p4 =
        far4.fma(sixth, near4.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q4 =
        far4.fma(third, near4.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    row += PATCH * step;
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, du, row + step)
            .add(FloatVector.fromArray(SPECIES, du, row + 2 * step));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, du, row + 3 * step)
            .add(FloatVector.fromArray(SPECIES, du, row + 4 * step));
    FloatVector p5 =
        far5.fma(sixth, near5.fma(minusTwoThirds, FloatVector.fromArray(SPECIES, du, row)));
    FloatVector q5 =
        far5.fma(third, near5.fma(minusThird, FloatVector.fromArray(SPECIES, du, row + 5 * step)));
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector.fromArray(SPECIES, g, to)
        .add(pSum2.fma(sixth, pSum1.fma(minusTwoThirds, p0)))
        .intoArray(g, to);
    FloatVector.fromArray(SPECIES, g, to + 3 * tap)
        .add(pDifference2.fma(sixthRoot2, pDifference1.mul(minusThirdRoot2)))
        .intoArray(g, to + 3 * tap);
    FloatVector.fromArray(SPECIES, g, to + 6 * tap)
        .add(pSum2.fma(third, pSum1.fma(minusThird, p5)))
        .intoArray(g, to + 6 * tap);
    int last = to + 2 * tap;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector.fromArray(SPECIES, g, last)
        .add(qSum2.fma(sixth, qSum1.fma(minusTwoThirds, q0)))
        .intoArray(g, last);
    FloatVector.fromArray(SPECIES, g, last + 3 * tap)
        .add(qDifference2.fma(sixthRoot2, qDifference1.mul(minusThirdRoot2)))
        .intoArray(g, last + 3 * tap);
    FloatVector.fromArray(SPECIES, g, last + 6 * tap)
        .add(qSum2.fma(third, qSum1.fma(minusThird, q5)))
        .intoArray(g, last + 6 * tap);
  }

  /** The middle column; {@code at} is the second point. */
  private static void addMiddle(float[] du, int at, int step, float[] g, int to, int tap) {
    FloatVector minusThird = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusTwoThirds = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector minusThirdRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector third = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector sixth = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector sixthRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    int row = at;
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p0 = far0.fma(sixthRoot2, near0.mul(minusThirdRoot2));
    row += PATCH * step;
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p1 = far1.fma(sixthRoot2, near1.mul(minusThirdRoot2));
    row += PATCH * step;
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p2 = far2.fma(sixthRoot2, near2.mul(minusThirdRoot2));
    row += PATCH * step;
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p3 = far3.fma(sixthRoot2, near3.mul(minusThirdRoot2));
    row += PATCH * step;
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p4 = far4.fma(sixthRoot2, near4.mul(minusThirdRoot2));
    row += PATCH * step;
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, du, row).sub(FloatVector.fromArray(SPECIES, du, row + step));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, du, row + 2 * step)
            .sub(FloatVector.fromArray(SPECIES, du, row + 3 * step));
    FloatVector p5 = far5.fma(sixthRoot2, near5.mul(minusThirdRoot2));
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector.fromArray(SPECIES, g, to)
        .add(pSum2.fma(sixth, pSum1.fma(minusTwoThirds, p0)))
        .intoArray(g, to);
    FloatVector.fromArray(SPECIES, g, to + 3 * tap)
        .add(pDifference2.fma(sixthRoot2, pDifference1.mul(minusThirdRoot2)))
        .intoArray(g, to + 3 * tap);
    FloatVector.fromArray(SPECIES, g, to + 6 * tap)
        .add(pSum2.fma(third, pSum1.fma(minusThird, p5)))
        .intoArray(g, to + 6 * tap);
  }
}
