package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.STEP;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The transform of {@link Winograd} from a patch of the input to 36 points, for one vector of
 * channels of a tile. The one-dimensional transforms do what those of the scalar twin do, in the
 * same order.
 *
 * <p>Two columns a method: their 12 vectors stay in registers between the transforms of the rows
 * and those of the columns. What makes them fast is how little there is between the vectors'
 * instructions: points lie a constant apart, so that C2 checks the bounds of many at once; there is
 * no loop, whose checks C2 would double; and factors come from an array, since constants of the
 * class are read again after each store. They are written out because C2 allocates vectors that are
 * passed to methods which it does not inline.
 */
final class VectorInputTransform {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final float[] FACTORS =
      Winograd.panels(-2f, -ROOT2, HALF_ROOT2, -0.5f, -HALF_ROOT2, ROOT2, -2.5f);

  private VectorInputTransform() {}

  /** V = B' d B: d of pixels {@code across} and rows {@code down} floats apart, to 36 points. */
  static void transform(float[] d, int at, int across, int down, float[] v, int to) {
    ends(d, at, across, down, v, to);
    pair(d, at + across, across, down, -2f, HALF_ROOT2, -ROOT2, v, to + STEP);
    pair(d, at + across, across, down, -0.5f, ROOT2, -HALF_ROOT2, v, to + 3 * STEP);
  }

  /** The first and the last column of points. */
  private static void ends(float[] d, int at, int across, int down, float[] v, int to) {
    FloatVector minus2 = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusRoot2 = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector minusHalf = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector minusHalfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector minus2Point5 = FloatVector.fromArray(SPECIES, FACTORS, 6 * PANEL);
    int row = at;
    FloatVector p0 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q0 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    row += down;
    FloatVector p1 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q1 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    row += down;
    FloatVector p2 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q2 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    row += down;
    FloatVector p3 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q3 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    row += down;
    FloatVector p4 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q4 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    row += down;
    FloatVector p5 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row)
                    .add(FloatVector.fromArray(SPECIES, d, row + 4 * across)));
    FloatVector q5 =
        FloatVector.fromArray(SPECIES, d, row + 3 * across)
            .fma(
                minus2Point5,
                FloatVector.fromArray(SPECIES, d, row + across)
                    .add(FloatVector.fromArray(SPECIES, d, row + 5 * across)));
    FloatVector pEven1 = p2.fma(minus2, p4);
    FloatVector pOdd1 = p3.fma(halfRoot2, p1.mul(minusRoot2));
    pEven1.add(pOdd1).intoArray(v, to + 6 * STEP);
    pEven1.sub(pOdd1).intoArray(v, to + 12 * STEP);
    FloatVector pEven2 = p2.fma(minusHalf, p4);
    FloatVector pOdd2 = p3.fma(root2, p1.mul(minusHalfRoot2));
    pEven2.add(pOdd2).intoArray(v, to + 18 * STEP);
    pEven2.sub(pOdd2).intoArray(v, to + 24 * STEP);
    p2.fma(minus2Point5, p0.add(p4)).intoArray(v, to);
    p3.fma(minus2Point5, p1.add(p5)).intoArray(v, to + 30 * STEP);
    int last = to + 5 * STEP;
    FloatVector qEven1 = q2.fma(minus2, q4);
    FloatVector qOdd1 = q3.fma(halfRoot2, q1.mul(minusRoot2));
    qEven1.add(qOdd1).intoArray(v, last + 6 * STEP);
    qEven1.sub(qOdd1).intoArray(v, last + 12 * STEP);
    FloatVector qEven2 = q2.fma(minusHalf, q4);
    FloatVector qOdd2 = q3.fma(root2, q1.mul(minusHalfRoot2));
    qEven2.add(qOdd2).intoArray(v, last + 18 * STEP);
    qEven2.sub(qOdd2).intoArray(v, last + 24 * STEP);
    q2.fma(minus2Point5, q0.add(q4)).intoArray(v, last);
    q3.fma(minus2Point5, q1.add(q5)).intoArray(v, last + 30 * STEP);
  }

  /** A pair of columns, for points that differ in their sign; {@code at} is the second pixel. */
  private static void pair(
      float[] d,
      int at,
      int across,
      int down,
      float evenFactor,
      float oddFactor,
      float oddScale,
      float[] v,
      int to) {
    FloatVector minus2 = FloatVector.fromArray(SPECIES, FACTORS, 0);
    FloatVector minusRoot2 = FloatVector.fromArray(SPECIES, FACTORS, PANEL);
    FloatVector halfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 2 * PANEL);
    FloatVector minusHalf = FloatVector.fromArray(SPECIES, FACTORS, 3 * PANEL);
    FloatVector minusHalfRoot2 = FloatVector.fromArray(SPECIES, FACTORS, 4 * PANEL);
    FloatVector root2 = FloatVector.fromArray(SPECIES, FACTORS, 5 * PANEL);
    FloatVector minus2Point5 = FloatVector.fromArray(SPECIES, FACTORS, 6 * PANEL);
    FloatVector factor2 = FloatVector.broadcast(SPECIES, evenFactor);
    FloatVector factor3 = FloatVector.broadcast(SPECIES, oddFactor);
    FloatVector factor1 = FloatVector.broadcast(SPECIES, oddScale);
    int row = at;
    FloatVector even0 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd0 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p0 = even0.add(odd0), q0 = even0.sub(odd0);
    row += down;
    FloatVector even1 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd1 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p1 = even1.add(odd1), q1 = even1.sub(odd1);
    row += down;
    FloatVector even2 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd2 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p2 = even2.add(odd2), q2 = even2.sub(odd2);
    row += down;
    FloatVector even3 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd3 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p3 = even3.add(odd3), q3 = even3.sub(odd3);
    row += down;
    FloatVector even4 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd4 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p4 = even4.add(odd4), q4 = even4.sub(odd4);
    row += down;
    FloatVector even5 =
        FloatVector.fromArray(SPECIES, d, row + across)
            .fma(factor2, FloatVector.fromArray(SPECIES, d, row + 3 * across));
    FloatVector odd5 =
        FloatVector.fromArray(SPECIES, d, row + 2 * across)
            .fma(factor3, FloatVector.fromArray(SPECIES, d, row).mul(factor1));
    FloatVector p5 = even5.add(odd5), q5 = even5.sub(odd5);
    FloatVector pEven1 = p2.fma(minus2, p4);
    FloatVector pOdd1 = p3.fma(halfRoot2, p1.mul(minusRoot2));
    pEven1.add(pOdd1).intoArray(v, to + 6 * STEP);
    pEven1.sub(pOdd1).intoArray(v, to + 12 * STEP);
    FloatVector pEven2 = p2.fma(minusHalf, p4);
    FloatVector pOdd2 = p3.fma(root2, p1.mul(minusHalfRoot2));
    pEven2.add(pOdd2).intoArray(v, to + 18 * STEP);
    pEven2.sub(pOdd2).intoArray(v, to + 24 * STEP);
    p2.fma(minus2Point5, p0.add(p4)).intoArray(v, to);
    p3.fma(minus2Point5, p1.add(p5)).intoArray(v, to + 30 * STEP);
    int minus = to + STEP;
    FloatVector qEven1 = q2.fma(minus2, q4);
    FloatVector qOdd1 = q3.fma(halfRoot2, q1.mul(minusRoot2));
    qEven1.add(qOdd1).intoArray(v, minus + 6 * STEP);
    qEven1.sub(qOdd1).intoArray(v, minus + 12 * STEP);
    FloatVector qEven2 = q2.fma(minusHalf, q4);
    FloatVector qOdd2 = q3.fma(root2, q1.mul(minusHalfRoot2));
    qEven2.add(qOdd2).intoArray(v, minus + 18 * STEP);
    qEven2.sub(qOdd2).intoArray(v, minus + 24 * STEP);
    q2.fma(minus2Point5, q0.add(q4)).intoArray(v, minus);
    q3.fma(minus2Point5, q1.add(q5)).intoArray(v, minus + 30 * STEP);
  }
}
