package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.STEP;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of {@link Winograd} from the gradients of 36 points to a patch of the input's, for
 * one vector of channels of a tile; written as {@link VectorInputTransform} is, and for the same
 * reasons.
 */
final class VectorInputGradient {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] FACTORS =
      Winograd.panels(-2f, -ROOT2, HALF_ROOT2, -0.5f, -HALF_ROOT2, ROOT2, -2.5f);

  private VectorInputGradient() {}

  /** dx += B dV B': 36 points to pixels {@code across} and rows {@code down} floats apart. */
  static void add(float[] v, int from, float[] dx, int at, int across, int down) {
    ends(v, from, dx, at, across, down);
    odd(v, from, dx, at + across, across, down);
    even(v, from, dx, at + 2 * across, across, down);
  }

  /** The first and the last column of inputs. */
  private static void ends(float[] v, int from, float[] dx, int at, int across, int down) {
    FloatVector minus2 = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusRoot2 = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector minusHalf = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector minusHalfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector minus2Point5 = FloatVector.fromArray(SPECIES, FACTORS, 6 * PANEL);
    FloatVector p0 = FloatVector.fromArray(SPECIES, v, from);
    FloatVector q0 = FloatVector.fromArray(SPECIES, v, from + 5 * STEP);
    FloatVector p1 = FloatVector.fromArray(SPECIES, v, from + 6 * STEP);
    FloatVector q1 = FloatVector.fromArray(SPECIES, v, from + 11 * STEP);
    FloatVector p2 = FloatVector.fromArray(SPECIES, v, from + 12 * STEP);
    FloatVector q2 = FloatVector.fromArray(SPECIES, v, from + 17 * STEP);
    FloatVector p3 = FloatVector.fromArray(SPECIES, v, from + 18 * STEP);
    FloatVector q3 = FloatVector.fromArray(SPECIES, v, from + 23 * STEP);
    FloatVector p4 = FloatVector.fromArray(SPECIES, v, from + 24 * STEP);
    FloatVector q4 = FloatVector.fromArray(SPECIES, v, from + 29 * STEP);
    FloatVector p5 = FloatVector.fromArray(SPECIES, v, from + 30 * STEP);
    FloatVector q5 = FloatVector.fromArray(SPECIES, v, from + 35 * STEP);
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector.fromArray(SPECIES, dx, at).add(p0).intoArray(dx, at);
    FloatVector.fromArray(SPECIES, dx, at + down)
        .add(pDifference2.fma(minusHalfRoot2, pDifference1.fma(minusRoot2, p5)))
        .intoArray(dx, at + down);
    FloatVector.fromArray(SPECIES, dx, at + 2 * down)
        .add(pSum2.fma(minusHalf, pSum1.fma(minus2, p0.mul(minus2Point5))))
        .intoArray(dx, at + 2 * down);
    FloatVector.fromArray(SPECIES, dx, at + 3 * down)
        .add(pDifference2.fma(root2, pDifference1.fma(halfRoot2, p5.mul(minus2Point5))))
        .intoArray(dx, at + 3 * down);
    FloatVector.fromArray(SPECIES, dx, at + 4 * down)
        .add(p0.add(pSum1).add(pSum2))
        .intoArray(dx, at + 4 * down);
    FloatVector.fromArray(SPECIES, dx, at + 5 * down).add(p5).intoArray(dx, at + 5 * down);
    int last = at + 5 * across;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector.fromArray(SPECIES, dx, last).add(q0).intoArray(dx, last);
    FloatVector.fromArray(SPECIES, dx, last + down)
        .add(qDifference2.fma(minusHalfRoot2, qDifference1.fma(minusRoot2, q5)))
        .intoArray(dx, last + down);
    FloatVector.fromArray(SPECIES, dx, last + 2 * down)
        .add(qSum2.fma(minusHalf, qSum1.fma(minus2, q0.mul(minus2Point5))))
        .intoArray(dx, last + 2 * down);
    FloatVector.fromArray(SPECIES, dx, last + 3 * down)
        .add(qDifference2.fma(root2, qDifference1.fma(halfRoot2, q5.mul(minus2Point5))))
        .intoArray(dx, last + 3 * down);
    FloatVector.fromArray(SPECIES, dx, last + 4 * down)
        .add(q0.add(qSum1).add(qSum2))
        .intoArray(dx, last + 4 * down);
    FloatVector.fromArray(SPECIES, dx, last + 5 * down).add(q5).intoArray(dx, last + 5 * down);
  }

  /** The second and the fourth column. */
  private static void odd(float[] v, int from, float[] dx, int at, int across, int down) {
    FloatVector minus2 = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusRoot2 = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector minusHalf = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector minusHalfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector minus2Point5 = FloatVector.fromArray(SPECIES, FACTORS, 6 * PANEL);
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, v, from + 1 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 2 * STEP));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, v, from + 3 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 4 * STEP));
    FloatVector last0 = FloatVector.fromArray(SPECIES, v, from + 5 * STEP);
    FloatVector p0 = far0.fma(minusHalfRoot2, near0.fma(minusRoot2, last0));
    FloatVector q0 = far0.fma(root2, near0.fma(halfRoot2, last0.mul(minus2Point5)));
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, v, from + 7 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 8 * STEP));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, v, from + 9 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 10 * STEP));
    FloatVector last1 = FloatVector.fromArray(SPECIES, v, from + 11 * STEP);
    FloatVector p1 = far1.fma(minusHalfRoot2, near1.fma(minusRoot2, last1));
    FloatVector q1 = far1.fma(root2, near1.fma(halfRoot2, last1.mul(minus2Point5)));
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, v, from + 13 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 14 * STEP));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, v, from + 15 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 16 * STEP));
    FloatVector last2 = FloatVector.fromArray(SPECIES, v, from + 17 * STEP);
    FloatVector p2 = far2.fma(minusHalfRoot2, near2.fma(minusRoot2, last2));
    FloatVector q2 = far2.fma(root2, near2.fma(halfRoot2, last2.mul(minus2Point5)));
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, v, from + 19 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 20 * STEP));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, v, from + 21 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 22 * STEP));
    FloatVector last3 = FloatVector.fromArray(SPECIES, v, from + 23 * STEP);
    FloatVector p3 = far3.fma(minusHalfRoot2, near3.fma(minusRoot2, last3));
    FloatVector q3 = far3.fma(root2, near3.fma(halfRoot2, last3.mul(minus2Point5)));
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, v, from + 25 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 26 * STEP));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, v, from + 27 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 28 * STEP));
    FloatVector last4 = FloatVector.fromArray(SPECIES, v, from + 29 * STEP);
    FloatVector p4 = far4.fma(minusHalfRoot2, near4.fma(minusRoot2, last4));
    FloatVector q4 = far4.fma(root2, near4.fma(halfRoot2, last4.mul(minus2Point5)));
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, v, from + 31 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 32 * STEP));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, v, from + 33 * STEP)
            .sub(FloatVector.fromArray(SPECIES, v, from + 34 * STEP));
    FloatVector last5 = FloatVector.fromArray(SPECIES, v, from + 35 * STEP);
    FloatVector p5 = far5.fma(minusHalfRoot2, near5.fma(minusRoot2, last5));
    FloatVector q5 = far5.fma(root2, near5.fma(halfRoot2, last5.mul(minus2Point5)));
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector.fromArray(SPECIES, dx, at).add(p0).intoArray(dx, at);
    FloatVector.fromArray(SPECIES, dx, at + down)
        .add(pDifference2.fma(minusHalfRoot2, pDifference1.fma(minusRoot2, p5)))
        .intoArray(dx, at + down);
    FloatVector.fromArray(SPECIES, dx, at + 2 * down)
        .add(pSum2.fma(minusHalf, pSum1.fma(minus2, p0.mul(minus2Point5))))
        .intoArray(dx, at + 2 * down);
    FloatVector.fromArray(SPECIES, dx, at + 3 * down)
        .add(pDifference2.fma(root2, pDifference1.fma(halfRoot2, p5.mul(minus2Point5))))
        .intoArray(dx, at + 3 * down);
    FloatVector.fromArray(SPECIES, dx, at + 4 * down)
        .add(p0.add(pSum1).add(pSum2))
        .intoArray(dx, at + 4 * down);
    FloatVector.fromArray(SPECIES, dx, at + 5 * down).add(p5).intoArray(dx, at + 5 * down);
    int fourth = at + 2 * across;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector.fromArray(SPECIES, dx, fourth).add(q0).intoArray(dx, fourth);
    FloatVector.fromArray(SPECIES, dx, fourth + down)
        .add(qDifference2.fma(minusHalfRoot2, qDifference1.fma(minusRoot2, q5)))
        .intoArray(dx, fourth + down);
    FloatVector.fromArray(SPECIES, dx, fourth + 2 * down)
        .add(qSum2.fma(minusHalf, qSum1.fma(minus2, q0.mul(minus2Point5))))
        .intoArray(dx, fourth + 2 * down);
    FloatVector.fromArray(SPECIES, dx, fourth + 3 * down)
        .add(qDifference2.fma(root2, qDifference1.fma(halfRoot2, q5.mul(minus2Point5))))
        .intoArray(dx, fourth + 3 * down);
    FloatVector.fromArray(SPECIES, dx, fourth + 4 * down)
        .add(q0.add(qSum1).add(qSum2))
        .intoArray(dx, fourth + 4 * down);
    FloatVector.fromArray(SPECIES, dx, fourth + 5 * down).add(q5).intoArray(dx, fourth + 5 * down);
  }

  /** The third and the fifth column. */
  private static void even(float[] v, int from, float[] dx, int at, int across, int down) {
    FloatVector minus2 = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusRoot2 = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector minusHalf = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector minusHalfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector minus2Point5 = FloatVector.fromArray(SPECIES, FACTORS, 6 * PANEL);
    FloatVector near0 =
        FloatVector.fromArray(SPECIES, v, from + 1 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 2 * STEP));
    FloatVector far0 =
        FloatVector.fromArray(SPECIES, v, from + 3 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 4 * STEP));
    FloatVector first0 = FloatVector.fromArray(SPECIES, v, from);
    FloatVector p0 = far0.fma(minusHalf, near0.fma(minus2, first0.mul(minus2Point5)));
    FloatVector q0 = first0.add(near0).add(far0);
    FloatVector near1 =
        FloatVector.fromArray(SPECIES, v, from + 7 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 8 * STEP));
    FloatVector far1 =
        FloatVector.fromArray(SPECIES, v, from + 9 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 10 * STEP));
    FloatVector first1 = FloatVector.fromArray(SPECIES, v, from + 6 * STEP);
    FloatVector p1 = far1.fma(minusHalf, near1.fma(minus2, first1.mul(minus2Point5)));
    FloatVector q1 = first1.add(near1).add(far1);
    FloatVector near2 =
        FloatVector.fromArray(SPECIES, v, from + 13 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 14 * STEP));
    FloatVector far2 =
        FloatVector.fromArray(SPECIES, v, from + 15 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 16 * STEP));
    FloatVector first2 = FloatVector.fromArray(SPECIES, v, from + 12 * STEP);
    FloatVector p2 = far2.fma(minusHalf, near2.fma(minus2, first2.mul(minus2Point5)));
    FloatVector q2 = first2.add(near2).add(far2);
    FloatVector near3 =
        FloatVector.fromArray(SPECIES, v, from + 19 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 20 * STEP));
    FloatVector far3 =
        FloatVector.fromArray(SPECIES, v, from + 21 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 22 * STEP));
    FloatVector first3 = FloatVector.fromArray(SPECIES, v, from + 18 * STEP);
    FloatVector p3 = far3.fma(minusHalf, near3.fma(minus2, first3.mul(minus2Point5)));
    FloatVector q3 = first3.add(near3).add(far3);
    FloatVector near4 =
        FloatVector.fromArray(SPECIES, v, from + 25 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 26 * STEP));
    FloatVector far4 =
        FloatVector.fromArray(SPECIES, v, from + 27 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 28 * STEP));
    FloatVector first4 = FloatVector.fromArray(SPECIES, v, from + 24 * STEP);
    FloatVector p4 = far4.fma(minusHalf, near4.fma(minus2, first4.mul(minus2Point5)));
    FloatVector q4 = first4.add(near4).add(far4);
    FloatVector near5 =
        FloatVector.fromArray(SPECIES, v, from + 31 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 32 * STEP));
    FloatVector far5 =
        FloatVector.fromArray(SPECIES, v, from + 33 * STEP)
            .add(FloatVector.fromArray(SPECIES, v, from + 34 * STEP));
    FloatVector first5 = FloatVector.fromArray(SPECIES, v, from + 30 * STEP);
    FloatVector p5 = far5.fma(minusHalf, near5.fma(minus2, first5.mul(minus2Point5)));
    FloatVector q5 = first5.add(near5).add(far5);
    FloatVector pSum1 = p1.add(p2);
    FloatVector pDifference1 = p1.sub(p2);
    FloatVector pSum2 = p3.add(p4);
    FloatVector pDifference2 = p3.sub(p4);
    FloatVector.fromArray(SPECIES, dx, at).add(p0).intoArray(dx, at);
    FloatVector.fromArray(SPECIES, dx, at + down)
        .add(pDifference2.fma(minusHalfRoot2, pDifference1.fma(minusRoot2, p5)))
        .intoArray(dx, at + down);
    FloatVector.fromArray(SPECIES, dx, at + 2 * down)
        .add(pSum2.fma(minusHalf, pSum1.fma(minus2, p0.mul(minus2Point5))))
        .intoArray(dx, at + 2 * down);
    FloatVector.fromArray(SPECIES, dx, at + 3 * down)
        .add(pDifference2.fma(root2, pDifference1.fma(halfRoot2, p5.mul(minus2Point5))))
        .intoArray(dx, at + 3 * down);
    FloatVector.fromArray(SPECIES, dx, at + 4 * down)
        .add(p0.add(pSum1).add(pSum2))
        .intoArray(dx, at + 4 * down);
    FloatVector.fromArray(SPECIES, dx, at + 5 * down).add(p5).intoArray(dx, at + 5 * down);
    int fifth = at + 2 * across;
    FloatVector qSum1 = q1.add(q2);
    FloatVector qDifference1 = q1.sub(q2);
    FloatVector qSum2 = q3.add(q4);
    FloatVector qDifference2 = q3.sub(q4);
    FloatVector.fromArray(SPECIES, dx, fifth).add(q0).intoArray(dx, fifth);
    FloatVector.fromArray(SPECIES, dx, fifth + down)
        .add(qDifference2.fma(minusHalfRoot2, qDifference1.fma(minusRoot2, q5)))
        .intoArray(dx, fifth + down);
    FloatVector.fromArray(SPECIES, dx, fifth + 2 * down)
        .add(qSum2.fma(minusHalf, qSum1.fma(minus2, q0.mul(minus2Point5))))
        .intoArray(dx, fifth + 2 * down);
    FloatVector.fromArray(SPECIES, dx, fifth + 3 * down)
        .add(qDifference2.fma(root2, qDifference1.fma(halfRoot2, q5.mul(minus2Point5))))
        .intoArray(dx, fifth + 3 * down);
    FloatVector.fromArray(SPECIES, dx, fifth + 4 * down)
        .add(q0.add(qSum1).add(qSum2))
        .intoArray(dx, fifth + 4 * down);
    FloatVector.fromArray(SPECIES, dx, fifth + 5 * down).add(q5).intoArray(dx, fifth + 5 * down);
  }
}
