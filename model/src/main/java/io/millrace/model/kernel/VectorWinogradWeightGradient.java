package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of the weights' gradients in {@link Winograd}, a vector of output channels at a
 * time; written as {@link VectorInputTransform} is, and for the same reasons.
 */
final class VectorWinogradWeightGradient {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final float[] FACTORS =
      Winograd.panels(-1 / 3f, -2 / 3f, -ROOT2 / 3, 1 / 3f, 1 / 6f, ROOT2 / 6);

  private VectorWinogradWeightGradient() {}

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
