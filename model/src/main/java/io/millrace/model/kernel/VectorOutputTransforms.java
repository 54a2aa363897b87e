package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.QUARTER_ROOT2;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.STEP;
import static io.millrace.model.kernel.Winograd.TWICE_ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transforms of {@link Winograd} between 36 points and tiles of the output, for one vector of
 * channels of a tile; written as {@link VectorInputTransforms} is, and for the same reasons.
 */
final class VectorOutputTransforms {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] FACTORS =
      Winograd.panels(2f, 0.5f, ROOT2, HALF_ROOT2, TWICE_ROOT2, QUARTER_ROOT2);

  private VectorOutputTransforms() {}

  /**
   * y = A' M A + bias: 36 points to pixels {@code across} and rows {@code down} floats apart; 0 for
   * what is not above {@code limit}, unless that is NaN.
   */
  static void output(
      float[] m,
      int from,
      float[] bias,
      int channel,
      float limit,
      float[] y,
      int at,
      int across,
      int down) {
    outputEven(m, from, bias, channel, limit, y, at, across, down);
    outputOdd(m, from, bias, channel, limit, y, at + across, across, down);
  }

  /** W = A dy A': dy of pixels {@code across} and rows {@code down} floats apart, to 36 points. */
  static void outputGradient(float[] dy, int at, int across, int down, float[] w, int to) {
    outputGradientEnds(dy, at, across, down, w, to);
    outputGradientPair(dy, at, across, down, 0.5f, QUARTER_ROOT2, HALF_ROOT2, w, to + STEP);
    outputGradientPair(dy, at, across, down, 2f, TWICE_ROOT2, ROOT2, w, to + 3 * STEP);
  }

  /** The first and the third column of a tile. */
  private static void outputEven(
      float[] m,
      int from,
      float[] bias,
      int channel,
      float limit,
      float[] y,
      int at,
      int across,
      int down) {
    FloatVector two = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector half = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector twiceRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector quarterRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, channel);
    FloatVector floor = FloatVector.broadcast(SPECIES, limit);
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, m, from + 1 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 2 * STEP));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, m, from + 3 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 4 * STEP));
    FloatVector p0 = FloatVector.fromArray(SPECIES, m, from).add(near0).add(far0);
    FloatVector q0 = far0.fma(two, near0.mul(half));
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, m, from + 7 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 8 * STEP));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, m, from + 9 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 10 * STEP));
    FloatVector p1 = FloatVector.fromArray(SPECIES, m, from + 6 * STEP).add(near1).add(far1);
    FloatVector q1 = far1.fma(two, near1.mul(half));
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, m, from + 13 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 14 * STEP));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, m, from + 15 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 16 * STEP));
    FloatVector p2 = FloatVector.fromArray(SPECIES, m, from + 12 * STEP).add(near2).add(far2);
    FloatVector q2 = far2.fma(two, near2.mul(half));
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, m, from + 19 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 20 * STEP));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, m, from + 21 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 22 * STEP));
    FloatVector p3 = FloatVector.fromArray(SPECIES, m, from + 18 * STEP).add(near3).add(far3);
    FloatVector q3 = far3.fma(two, near3.mul(half));
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, m, from + 25 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 26 * STEP));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, m, from + 27 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 28 * STEP));
    FloatVector p4 = FloatVector.fromArray(SPECIES, m, from + 24 * STEP).add(near4).add(far4);
    FloatVector q4 = far4.fma(two, near4.mul(half));
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, m, from + 31 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 32 * STEP));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, m, from + 33 * STEP)
            .add(FloatVector.fromArray(SPECIES, m, from + 34 * STEP));
    FloatVector p5 = FloatVector.fromArray(SPECIES, m, from + 30 * STEP).add(near5).add(far5);
    FloatVector q5 = far5.fma(two, near5.mul(half));
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector pY0 = p0.add(pSum1).add(pSum2).add(shift);
    pY0.blend(0, pY0.compare(VectorOperators.LE, floor)).intoArray(y, at);
    FloatVector pY1 = pDifference2.fma(root2, pDifference1.mul(halfRoot2)).add(shift);
    pY1.blend(0, pY1.compare(VectorOperators.LE, floor)).intoArray(y, at + down);
    FloatVector pY2 = pSum2.fma(two, pSum1.mul(half)).add(shift);
    pY2.blend(0, pY2.compare(VectorOperators.LE, floor)).intoArray(y, at + 2 * down);
    FloatVector pY3 = pDifference2.fma(twiceRoot2, pDifference1.fma(quarterRoot2, p5)).add(shift);
    pY3.blend(0, pY3.compare(VectorOperators.LE, floor)).intoArray(y, at + 3 * down);
    int third = at + 2 * across;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector qY0 = q0.add(qSum1).add(qSum2).add(shift);
    qY0.blend(0, qY0.compare(VectorOperators.LE, floor)).intoArray(y, third);
    FloatVector qY1 = qDifference2.fma(root2, qDifference1.mul(halfRoot2)).add(shift);
    qY1.blend(0, qY1.compare(VectorOperators.LE, floor)).intoArray(y, third + down);
    FloatVector qY2 = qSum2.fma(two, qSum1.mul(half)).add(shift);
    qY2.blend(0, qY2.compare(VectorOperators.LE, floor)).intoArray(y, third + 2 * down);
    FloatVector qY3 = qDifference2.fma(twiceRoot2, qDifference1.fma(quarterRoot2, q5)).add(shift);
    qY3.blend(0, qY3.compare(VectorOperators.LE, floor)).intoArray(y, third + 3 * down);
  }

  /** The second and the fourth column of a tile. */
  private static void outputOdd(
      float[] m,
      int from,
      float[] bias,
      int channel,
      float limit,
      float[] y,
      int at,
      int across,
      int down) {
    FloatVector two = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector half = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector twiceRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector quarterRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector shift = FloatVector.fromArray(SPECIES, bias, channel);
    FloatVector floor = FloatVector.broadcast(SPECIES, limit);
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, m, from + 1 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 2 * STEP));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, m, from + 3 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 4 * STEP));
    FloatVector p0 = far0.fma(root2, near0.mul(halfRoot2));
    FloatVector q0 =
        far0.fma(
            twiceRoot2,
            near0.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 5 * STEP)));
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, m, from + 7 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 8 * STEP));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, m, from + 9 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 10 * STEP));
    FloatVector p1 = far1.fma(root2, near1.mul(halfRoot2));
    FloatVector q1 =
        far1.fma(
            twiceRoot2,
            near1.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 11 * STEP)));
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, m, from + 13 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 14 * STEP));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, m, from + 15 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 16 * STEP));
    FloatVector p2 = far2.fma(root2, near2.mul(halfRoot2));
    FloatVector q2 =
        far2.fma(
            twiceRoot2,
            near2.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 17 * STEP)));
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, m, from + 19 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 20 * STEP));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, m, from + 21 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 22 * STEP));
    FloatVector p3 = far3.fma(root2, near3.mul(halfRoot2));
    FloatVector q3 =
        far3.fma(
            twiceRoot2,
            near3.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 23 * STEP)));
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, m, from + 25 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 26 * STEP));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, m, from + 27 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 28 * STEP));
    FloatVector p4 = far4.fma(root2, near4.mul(halfRoot2));
    FloatVector q4 =
        far4.fma(
            twiceRoot2,
            near4.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 29 * STEP)));
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, m, from + 31 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 32 * STEP));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, m, from + 33 * STEP)
            .sub(FloatVector.fromArray(SPECIES, m, from + 34 * STEP));
    FloatVector p5 = far5.fma(root2, near5.mul(halfRoot2));
    FloatVector q5 =
        far5.fma(
            twiceRoot2,
            near5.fma(quarterRoot2, FloatVector.fromArray(SPECIES, m, from + 35 * STEP)));
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector pY0 = p0.add(pSum1).add(pSum2).add(shift);
    pY0.blend(0, pY0.compare(VectorOperators.LE, floor)).intoArray(y, at);
    FloatVector pY1 = pDifference2.fma(root2, pDifference1.mul(halfRoot2)).add(shift);
    pY1.blend(0, pY1.compare(VectorOperators.LE, floor)).intoArray(y, at + down);
    FloatVector pY2 = pSum2.fma(two, pSum1.mul(half)).add(shift);
    pY2.blend(0, pY2.compare(VectorOperators.LE, floor)).intoArray(y, at + 2 * down);
    FloatVector pY3 = pDifference2.fma(twiceRoot2, pDifference1.fma(quarterRoot2, p5)).add(shift);
    pY3.blend(0, pY3.compare(VectorOperators.LE, floor)).intoArray(y, at + 3 * down);
    int fourth = at + 2 * across;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector qY0 = q0.add(qSum1).add(qSum2).add(shift);
    qY0.blend(0, qY0.compare(VectorOperators.LE, floor)).intoArray(y, fourth);
    FloatVector qY1 = qDifference2.fma(root2, qDifference1.mul(halfRoot2)).add(shift);
    qY1.blend(0, qY1.compare(VectorOperators.LE, floor)).intoArray(y, fourth + down);
    FloatVector qY2 = qSum2.fma(two, qSum1.mul(half)).add(shift);
    qY2.blend(0, qY2.compare(VectorOperators.LE, floor)).intoArray(y, fourth + 2 * down);
    FloatVector qY3 = qDifference2.fma(twiceRoot2, qDifference1.fma(quarterRoot2, q5)).add(shift);
    qY3.blend(0, qY3.compare(VectorOperators.LE, floor)).intoArray(y, fourth + 3 * down);
  }

  /** The first and the last column of points. */
  private static void outputGradientEnds(
      float[] dy, int at, int across, int down, float[] w, int to) {
    FloatVector two = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector half = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector twiceRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector quarterRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    int row = at;
    FloatVector p0 = FloatVector.fromArray(SPECIES, dy, row),
        q0 = FloatVector.fromArray(SPECIES, dy, row + 3 * across);
    row += down;
    FloatVector p1 = FloatVector.fromArray(SPECIES, dy, row),
        q1 = FloatVector.fromArray(SPECIES, dy, row + 3 * across);
    row += down;
    FloatVector p2 = FloatVector.fromArray(SPECIES, dy, row),
        q2 = FloatVector.fromArray(SPECIES, dy, row + 3 * across);
    row += down;
    FloatVector p3 = FloatVector.fromArray(SPECIES, dy, row),
        q3 = FloatVector.fromArray(SPECIES, dy, row + 3 * across);
    FloatVector pEven1 = p2.fma(half, p0);
    FloatVector pOdd1 = p3.fma(quarterRoot2, p1.mul(halfRoot2));
    pEven1.add(pOdd1).intoArray(w, to + 6 * STEP);
    pEven1.sub(pOdd1).intoArray(w, to + 12 * STEP);
    FloatVector pEven2 = p2.fma(two, p0);
    FloatVector pOdd2 = p3.fma(twiceRoot2, p1.mul(root2));
    pEven2.add(pOdd2).intoArray(w, to + 18 * STEP);
    pEven2.sub(pOdd2).intoArray(w, to + 24 * STEP);
    p0.intoArray(w, to);
    p3.intoArray(w, to + 30 * STEP);
    int last = to + 5 * STEP;
    FloatVector qEven1 = q2.fma(half, q0);
    FloatVector qOdd1 = q3.fma(quarterRoot2, q1.mul(halfRoot2));
    qEven1.add(qOdd1).intoArray(w, last + 6 * STEP);
    qEven1.sub(qOdd1).intoArray(w, last + 12 * STEP);
    FloatVector qEven2 = q2.fma(two, q0);
    FloatVector qOdd2 = q3.fma(twiceRoot2, q1.mul(root2));
    qEven2.add(qOdd2).intoArray(w, last + 18 * STEP);
    qEven2.sub(qOdd2).intoArray(w, last + 24 * STEP);
    q0.intoArray(w, last);
    q3.intoArray(w, last + 30 * STEP);
  }

  /** A pair of columns, for points that differ in their sign. */
  private static void outputGradientPair(
      float[] dy,
      int at,
      int across,
      int down,
      float evenFactor,
      float oddFactor,
      float oddScale,
      float[] w,
      int to) {
    FloatVector two = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector half = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector twiceRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector quarterRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector factor2 = FloatVector.broadcast(SPECIES, evenFactor);
    FloatVector factor3 = FloatVector.broadcast(SPECIES, oddFactor);
    FloatVector factor1 = FloatVector.broadcast(SPECIES, oddScale);
    int row = at;
    FloatVector even0 =
        FloatVector.fromArray(SPECIES, dy, row + 2 * across)
            .fma(factor2, FloatVector.fromArray(SPECIES, dy, row));
    FloatVector odd0 =
        FloatVector.fromArray(SPECIES, dy, row + 3 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, dy, row + across).mul(factor1));
    FloatVector p0 = even0.add(odd0), q0 = even0.sub(odd0);
    row += down;
    FloatVector even1 =
        FloatVector.fromArray(SPECIES, dy, row + 2 * across)
            .fma(factor2, FloatVector.fromArray(SPECIES, dy, row));
    FloatVector odd1 =
        FloatVector.fromArray(SPECIES, dy, row + 3 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, dy, row + across).mul(factor1));
    FloatVector p1 = even1.add(odd1), q1 = even1.sub(odd1);
    row += down;
    FloatVector even2 =
        FloatVector.fromArray(SPECIES, dy, row + 2 * across)
            .fma(factor2, FloatVector.fromArray(SPECIES, dy, row));
    FloatVector odd2 =
        FloatVector.fromArray(SPECIES, dy, row + 3 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, dy, row + across).mul(factor1));
    FloatVector p2 = even2.add(odd2), q2 = even2.sub(odd2);
    row += down;
    FloatVector even3 =
        FloatVector.fromArray(SPECIES, dy, row + 2 * across)
            .fma(factor2, FloatVector.fromArray(SPECIES, dy, row));
    FloatVector odd3 =
        FloatVector.fromArray(SPECIES, dy, row + 3 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, dy, row + across).mul(factor1));
    FloatVector p3 = even3.add(odd3), q3 = even3.sub(odd3);
    FloatVector pEven1 = p2.fma(half, p0);
    FloatVector pOdd1 = p3.fma(quarterRoot2, p1.mul(halfRoot2));
    pEven1.add(pOdd1).intoArray(w, to + 6 * STEP);
    pEven1.sub(pOdd1).intoArray(w, to + 12 * STEP);
    FloatVector pEven2 = p2.fma(two, p0);
    FloatVector pOdd2 = p3.fma(twiceRoot2, p1.mul(root2));
    pEven2.add(pOdd2).intoArray(w, to + 18 * STEP);
    pEven2.sub(pOdd2).intoArray(w, to + 24 * STEP);
    p0.intoArray(w, to);
    p3.intoArray(w, to + 30 * STEP);
    int minus = to + STEP;
    FloatVector qEven1 = q2.fma(half, q0);
    FloatVector qOdd1 = q3.fma(quarterRoot2, q1.mul(halfRoot2));
    qEven1.add(qOdd1).intoArray(w, minus + 6 * STEP);
    qEven1.sub(qOdd1).intoArray(w, minus + 12 * STEP);
    FloatVector qEven2 = q2.fma(two, q0);
    FloatVector qOdd2 = q3.fma(twiceRoot2, q1.mul(root2));
    qEven2.add(qOdd2).intoArray(w, minus + 18 * STEP);
    qEven2.sub(qOdd2).intoArray(w, minus + 24 * STEP);
    q0.intoArray(w, minus);
    q3.intoArray(w, minus + 30 * STEP);
  }
}
