package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The transformed convolution has the scalar twin's bits, and the definition's values within its
 * rounding, which integers do not escape.
 */
interface WinogradContract {
  int FROM = 1;
  int TO = 3;

  /** Of the largest value of a tensor. */
  double TOLERANCE = 5e-6;

  Kernels kernels();

  static Stream<String> winogradShapes() {
    return Stream.of(
        "ic16ih6oc16kh3",
        "ic16ih4oc16kh3ph1",
        "ic16ih9iw6oc32kh3ph1",
        "ic32ih14oc48kh3ph1",
        "ic48ih5iw7oc16kh3ph2",
        "ic16ih28iw7oc80kh3ph1pw0",
        "ic64ih8oc64kh3ph1",
        "ic16ih4oc16kh3ph7",
        "ic16ih32oc16kh3ph1",
        "ic32ih12iw20oc32kh3ph1",
        "ic16ih4iw68oc48kh3ph1",
        "ic64ih7iw13oc16kh3ph0pw3");
  }

  @ParameterizedTest
  @MethodSource("winogradShapes")
  default void winogradHasTheBitsOfTheScalarTwin(String name) {
    Case expected = new Case(name, KernelData::floats);
    Case actual = new Case(name, KernelData::floats);
    expected.runAll(new ScalarKernels(), true);
    actual.runAll(kernels(), true);
    assertBits(expected.u, actual.u, "u");
    assertBits(expected.ut, actual.ut, "ut");
    assertBits(expected.y, actual.y, "y");
    assertBits(expected.dx, actual.dx, "dx");
    assertBits(expected.dPacked, actual.dPacked, "dPacked");
  }

  @ParameterizedTest
  @MethodSource("winogradShapes")
  default void winogradIsAConvolution(String name) {
    Case c = new Case(name, WinogradContract::uniform);
    float[] y = NaiveConvolution.forward(c.shape, c.x, c.weight, c.bias, c.y.clone(), FROM, TO);
    float[] dx = NaiveConvolution.backwardInput(c.shape, c.dy, c.weight, c.dx.clone(), FROM, TO);
    float[] dWeight =
        NaiveConvolution.backwardWeight(
            c.shape, c.x, c.dy, new float[c.shape.weightElements()], FROM, TO);
    c.runAll(kernels(), true);
    float[] actual = new float[c.shape.weightElements()];
    ConvolutionWeights.unpack(c.shape, c.dPacked, false, actual, 0, c.shape.groupInputs());
    requireClose(y, c.y, "y");
    requireClose(dx, c.dx, "dx");
    requireClose(dWeight, actual, "dWeight");
  }

  @ParameterizedTest
  @MethodSource("winogradShapes")
  default void winogradWithoutAnInputGradientGivesTheSameWeightGradient(String name) {
    Case with = new Case(name, KernelData::floats);
    Case without = new Case(name, KernelData::floats);
    with.runAll(kernels(), true);
    without.runAll(kernels(), false);
    assertBits(with.dPacked, without.dPacked, "dPacked");
  }

  @ParameterizedTest
  @MethodSource("winogradShapes")
  default void winogradWithReluIsTheTwoInARow(String name) {
    Case c = new Case(name, KernelData::floats);
    c.runAll(kernels(), false);
    float[] fused = c.y.clone();
    kernels().winogradForward(c.shape, c.x, c.u, c.bias, true, fused, c.workspace, FROM, TO);
    int outputs = c.shape.oh() * c.shape.ow() * c.shape.oc();
    kernels().leakyReluForward(0, c.y, c.y, FROM * outputs, TO * outputs);
    assertBits(c.y, fused, "y");
  }

  private static float[] uniform(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n + KernelData.SPARE];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static void requireClose(float[] expected, float[] actual, String what) {
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs((double) expected[i] - actual[i]));
    }
    double relative = error / largest;
    assertTrue(relative <= TOLERANCE, () -> what + ": relative error " + relative);
  }

  /** Arrays for one shape. */
  final class Case {
    final Conv2dShape shape;
    final float[] x;
    final float[] y;
    final float[] dx;
    final float[] dy;
    final float[] bias;
    final float[] weight;
    final float[] dPacked;
    final float[] u;
    final float[] ut;
    final float[] workspace;

    /** How data is made from a seed and a length. */
    interface Fill {
      float[] values(long seed, int n);
    }

    Case(String name, Fill fill) {
      shape = KernelData.conv2d(name);
      assertTrue(Winograd.suits(shape), name);
      int inputs = TO * shape.ih() * shape.iw() * shape.ic();
      int outputs = TO * shape.oh() * shape.ow() * shape.oc();
      x = fill.values(1, inputs);
      y = fill.values(2, outputs);
      dx = fill.values(3, inputs);
      dy = fill.values(4, outputs);
      bias = fill.values(5, shape.oc());
      weight = fill.values(6, shape.weightElements());
      dPacked = new float[shape.weightElements()];
      u = new float[Winograd.weightElements(shape)];
      ut = new float[Winograd.weightElements(shape)];
      workspace = fill.values(7, Winograd.backwardWorkspace(shape));
    }

    void runAll(Kernels kernels, boolean inputGradient) {
      kernels.winogradWeights(shape, weight, u, ut);
      kernels.winogradForward(shape, x, u, bias, false, y, workspace, FROM, TO);
      float[] into = inputGradient ? dx : new float[0];
      kernels.winogradBackward(shape, x, dy, ut, into, dPacked, workspace, FROM, TO);
    }
  }
}
