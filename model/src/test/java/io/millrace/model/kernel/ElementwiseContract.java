package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Element-wise work against its formula in Java, which fixes every bit. */
interface ElementwiseContract {
  int START = 3;

  Kernels kernels();

  @ParameterizedTest(name = "n{0}")
  @ValueSource(ints = {0, 1, 7, 8, 9, 15, 16, 17, 33, 100})
  default void elementwiseMethodsFollowTheirFormulas(int n) {
    int to = START + n;
    float[] a = floats(1, to);
    float[] b = floats(2, to);
    float[] y = floats(3, to);
    float[] sum = y.clone();
    float[] accumulated = y.clone();
    float[] scaled = y.clone();
    float[] fused = y.clone();
    float[] product = y.clone();
    kernels().add(a, b, sum, START, to);
    kernels().accumulate(a, accumulated, START, to);
    kernels().scale(0.3f, a, scaled, START, to);
    kernels().multiplyAccumulate(a, b, fused, START, to);
    kernels().multiply(a, b, product, START, to);
    assertBits(map(y, START, to, i -> a[i] + b[i]), sum, "add");
    assertBits(map(y, START, to, i -> y[i] + a[i]), accumulated, "accumulate");
    assertBits(map(y, START, to, i -> a[i] * 0.3f), scaled, "scale");
    assertBits(map(y, START, to, i -> Math.fma(a[i], b[i], y[i])), fused, "multiplyAccumulate");
    assertBits(map(y, START, to, i -> a[i] * b[i]), product, "multiply");
  }

  @ParameterizedTest(name = "slope {0}")
  @ValueSource(floats = {0, 0.01f, 1, -0.5f})
  default void leakyReluFollowsItsFormula(float slope) {
    int to = START + 100;
    float[] x = floats(1, to);
    x[5] = Float.NaN;
    x[6] = Float.POSITIVE_INFINITY;
    x[7] = Float.NEGATIVE_INFINITY;
    float[] dy = floats(2, to);
    dy[20] = Float.NaN;
    float[] y = floats(3, to);
    float[] forward = y.clone();
    float[] backward = y.clone();
    kernels().leakyReluForward(slope, x, forward, START, to);
    kernels().leakyReluBackward(slope, x, dy, backward, START, to);
    assertBits(
        map(y, START, to, i -> x[i] > 0 ? x[i] : slope == 0 ? zeroOrNan(x[i]) : x[i] * slope),
        forward,
        "forward");
    assertBits(
        map(y, START, to, i -> y[i] + (x[i] > 0 ? dy[i] : slope == 0 ? 0 : dy[i] * slope)),
        backward,
        "backward");
  }

  @Test
  default void reluOfNegativeZeroIsPositiveZeroAndOfNanIsNan() {
    float[] x = new float[64];
    x[1] = -0f;
    x[2] = Float.NaN;
    x[3] = Float.NEGATIVE_INFINITY;
    x[62] = -0f;
    x[63] = Float.NaN;
    float[] expected = new float[64];
    expected[2] = Float.NaN;
    expected[63] = Float.NaN;
    float[] y = new float[64];
    kernels().leakyReluForward(0, x, y, 0, 64);
    assertBits(expected, y, "y");
  }

  @ParameterizedTest(name = "case {0}")
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  default void sgdFollowsItsFormula(int variant) {
    SgdCoefficients k = new SgdCoefficients();
    k.rate = 0.05f;
    k.momentum = (variant & 1) == 0 ? 0.9f : 0;
    k.dampening = 0.9f;
    k.weightDecay = 5e-4f;
    k.gradientScale = 0.7f;
    k.nesterov = (variant & 2) != 0;
    k.first = (variant & 4) != 0;
    int to = START + 41;
    float[] gradient = floats(1, to);
    float[] weight = floats(2, to);
    float[] velocity = floats(3, to);
    float[] expectedWeight = weight.clone();
    float[] expectedVelocity = velocity.clone();
    for (int i = START; i < to; i++) {
      float g = Math.fma(k.weightDecay, weight[i], gradient[i] * k.gradientScale);
      float update = g;
      if (k.momentum != 0) {
        expectedVelocity[i] =
            k.first ? g : Math.fma(k.momentum, velocity[i], (1 - k.dampening) * g);
        update = k.nesterov ? Math.fma(k.momentum, expectedVelocity[i], g) : expectedVelocity[i];
      }
      expectedWeight[i] = Math.fma(-k.rate, update, weight[i]);
    }
    kernels().sgdUpdate(k, gradient, weight, velocity, START, to);
    assertBits(expectedVelocity, velocity, "velocity");
    assertBits(expectedWeight, weight, "weight");
  }

  @Test
  default void sgdOfThreeStepsIsThatWorkedOutByHand() {
    SgdCoefficients k = new SgdCoefficients();
    k.rate = 0.5f;
    k.momentum = 0.5f;
    k.dampening = 0.5f;
    k.weightDecay = 0.25f;
    k.gradientScale = 1;
    k.first = true;
    float[] weight = {4};
    float[] velocity = {123};
    // g = 2 + 0.25 * 4 = 3, v = g, w = 4 - 0.5 * 3.
    kernels().sgdUpdate(k, new float[] {2}, weight, velocity, 0, 1);
    assertArrayEquals(new float[] {3, 2.5f}, new float[] {velocity[0], weight[0]});
    k.first = false;
    // g = 1.375 + 0.25 * 2.5 = 2, v = 0.5 * 3 + 0.5 * 2, w = 2.5 - 0.5 * 2.5.
    kernels().sgdUpdate(k, new float[] {1.375f}, weight, velocity, 0, 1);
    assertArrayEquals(new float[] {2.5f, 1.25f}, new float[] {velocity[0], weight[0]});
    // The rate decays and is no part of v: v = 0.5 * 2.5 + 0.5 * 1.5, w = 1.25 - 0.125 * 2.
    k.rate = 0.125f;
    kernels().sgdUpdate(k, new float[] {1.1875f}, weight, velocity, 0, 1);
    assertEquals(2f, velocity[0]);
    assertEquals(1f, weight[0]);
  }

  /** One element's value. */
  interface Formula {
    float at(int i);
  }

  private static float zeroOrNan(float x) {
    return Float.isNaN(x) ? x : 0;
  }

  private static float[] map(float[] y, int from, int to, Formula formula) {
    float[] result = y.clone();
    for (int i = from; i < to; i++) {
      result[i] = formula.at(i);
    }
    return result;
  }
}
