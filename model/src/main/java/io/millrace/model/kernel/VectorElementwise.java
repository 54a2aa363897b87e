package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Element-wise work in whole vectors; what is left at the end goes to the scalar twin. */
final class VectorElementwise {
  private VectorElementwise() {}

  static void leakyReluForward(float slope, float[] x, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      FloatVector value = load(x, i);
      FloatVector result =
          slope == 0
              ? value.blend(0, value.compare(VectorOperators.LE, 0))
              : value.mul(slope).blend(value, value.compare(VectorOperators.GT, 0));
      result.intoArray(y, i);
    }
    ScalarElementwise.leakyReluForward(slope, x, y, end, to);
  }

  static void leakyReluBackward(float slope, float[] x, float[] dy, float[] dx, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      FloatVector gradient = load(dy, i);
      FloatVector otherwise = slope == 0 ? FloatVector.zero(SPECIES) : gradient.mul(slope);
      FloatVector passed = otherwise.blend(gradient, load(x, i).compare(VectorOperators.GT, 0));
      load(dx, i).add(passed).intoArray(dx, i);
    }
    ScalarElementwise.leakyReluBackward(slope, x, dy, dx, end, to);
  }

  static void add(float[] a, float[] b, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      load(a, i).add(load(b, i)).intoArray(y, i);
    }
    ScalarElementwise.add(a, b, y, end, to);
  }

  static void accumulate(float[] x, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      load(y, i).add(load(x, i)).intoArray(y, i);
    }
    ScalarElementwise.accumulate(x, y, end, to);
  }

  static void scale(float factor, float[] x, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      load(x, i).mul(factor).intoArray(y, i);
    }
    ScalarElementwise.scale(factor, x, y, end, to);
  }

  static void multiplyAccumulate(float[] a, float[] b, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      load(a, i).fma(load(b, i), load(y, i)).intoArray(y, i);
    }
    ScalarElementwise.multiplyAccumulate(a, b, y, end, to);
  }

  static void multiply(float[] a, float[] b, float[] y, int from, int to) {
    int end = endOfVectors(from, to);
    for (int i = from; i < end; i += LANES) {
      load(a, i).mul(load(b, i)).intoArray(y, i);
    }
    ScalarElementwise.multiply(a, b, y, end, to);
  }

  static void sgdUpdate(
      SgdCoefficients k, float[] gradient, float[] weight, float[] velocity, int from, int to) {
    int end = endOfVectors(from, to);
    FloatVector momentum = FloatVector.broadcast(SPECIES, k.momentum);
    FloatVector decay = FloatVector.broadcast(SPECIES, k.weightDecay);
    FloatVector step = FloatVector.broadcast(SPECIES, -k.rate);
    boolean moving = k.momentum != 0;
    boolean first = k.first;
    boolean nesterov = k.nesterov;
    float gradientScale = k.gradientScale;
    float fresh = 1 - k.dampening;
    for (int i = from; i < end; i += LANES) {
      FloatVector w = load(weight, i);
      FloatVector g = decay.fma(w, load(gradient, i).mul(gradientScale));
      FloatVector update = g;
      if (moving) {
        FloatVector v = first ? g : momentum.fma(load(velocity, i), g.mul(fresh));
        v.intoArray(velocity, i);
        update = nesterov ? momentum.fma(v, g) : v;
      }
      step.fma(update, w).intoArray(weight, i);
    }
    ScalarElementwise.sgdUpdate(k, gradient, weight, velocity, end, to);
  }

  private static int endOfVectors(int from, int to) {
    return from + SPECIES.loopBound(Math.max(0, to - from));
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
