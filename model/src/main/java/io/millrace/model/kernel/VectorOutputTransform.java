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
 * The transform of {@link Winograd} from 36 points to a tile of the output, for one vector of
 * channels; written as {@link VectorInputTransform} is, and for the same reasons.
 */
final class VectorOutputTransform {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] FACTORS =
      Winograd.panels(2f, 0.5f, ROOT2, HALF_ROOT2, TWICE_ROOT2, QUARTER_ROOT2);

  private VectorOutputTransform() {}

  /**
   * y = A' M A + bias: 36 points to pixels {@code across} and rows {@code down} floats apart; 0 for
   * what is not above {@code limit}, unless that is NaN.
   */
  static void transform(
      float[] m,
      int from,
      float[] bias,
      int channel,
      float limit,
      float[] y,
      int at,
      int across,
      int down) {
    even(m, from, bias, channel, limit, y, at, across, down);
    odd(m, from, bias, channel, limit, y, at + across, across, down);
  }

  /** The first and the third column of a tile. */
  private static void even(
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
  private static void odd(
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
}
