package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.QUARTER_ROOT2;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.STEP;
import static io.millrace.model.kernel.Winograd.TWICE_ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of {@link Winograd} from a tile of the output's gradients to those of 36 points,
 * for one vector of channels; written as {@link VectorInputTransform} is, and for the same reasons.
 */
final class VectorOutputGradient {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] FACTORS =
      Winograd.panels(2f, 0.5f, ROOT2, HALF_ROOT2, TWICE_ROOT2, QUARTER_ROOT2);

  private VectorOutputGradient() {}

  /** W = A dy A': dy of pixels {@code across} and rows {@code down} floats apart, to 36 points. */
  static void transform(float[] dy, int at, int across, int down, float[] w, int to) {
    ends(dy, at, across, down, w, to);
    pair(dy, at, across, down, 0.5f, QUARTER_ROOT2, HALF_ROOT2, w, to + STEP);
    pair(dy, at, across, down, 2f, TWICE_ROOT2, ROOT2, w, to + 3 * STEP);
  }

  /** The first and the last column of points. */
  private static void ends(float[] dy, int at, int across, int down, float[] w, int to) {
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
  private static void pair(
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
