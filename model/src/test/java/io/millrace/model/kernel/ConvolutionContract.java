package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolution is exact on integers, and has the scalar twin's bits on floats. */
interface ConvolutionContract {
  /** The first sample is left out, to see that a range touches nothing else. */
  int FROM = 1;

  int TO = 3;

  Kernels kernels();

  static Stream<String> shapes() {
    return Stream.of(
        "ic1ih1oc1kh1",
        "ic1ih28oc6kh5",
        "ic6ih14oc16kh5",
        "ic1ih28oc6kh5ph2",
        "ic6ih14oc16kh5ph4",
        "ic5ih13iw11oc16kh4kw3",
        "ic7ih8iw13oc16kh3kw2sw2",
        "ic4ih7iw5oc16kh5",
        "ic2ih4iw9oc16kh3kw1",
        "ic3ih10iw17oc6kh3ph1",
        "ic2ih35iw21oc1kh3ph1",
        "ic3ih11iw64oc10kh4kw5ph2",
        "ic3ih13iw17oc7kh3kw4ph1pw2",
        "ic2ih15iw40oc11kh4kw3ph3pw0",
        "ic1ih13iw150oc9kh5kw5ph2",
        "ic11ih16oc3kh3ph1",
        "ic1ih11oc8kh2",
        "ic3ih10oc8kh3ph1",
        "ic2ih12iw24oc9kh3",
        "ic5ih16iw15oc20kh3ph1",
        "ic6ih14oc33kh5ph2",
        "ic10ih12oc17kh3ph1",
        "ic4ih16iw12oc40kh7ph3",
        "ic11ih12iw33oc12kh2ph1",
        "ic8ih14iw13oc5kh4ph1pw4",
        "ic2ih13iw300oc13kh5ph2",
        "ic5ih27iw11oc1kh5kw6ph2pw3",
        "ic20ih12oc7kh3ph1",
        "ic5ih11oc7kh2kw3ph1pw0",
        "ic1ih12iw10oc13kh5ph2",
        "ic1ih9oc32kh3ph1",
        "ic3ih12oc16kh3ph1",
        "ic3ih12iw7oc10kh3kw2ph1pw0",
        "ic3ih27oc96kh11sh4ph0",
        "ic16ih8oc16kh3ph1",
        "ic16ih9oc32kh3sh2ph1",
        "ic16ih8oc32kh1sh2",
        "ic32ih7oc32kh3ph1",
        "ic33ih5oc31kh3ph1",
        "ic7ih6oc17kh3ph1",
        "ic5ih6oc15kh3ph1",
        "ic8ih6oc8kh3ph1",
        "ic4ih6oc9kh3ph1",
        "ic2ih6oc47kh3ph1",
        "ic13ih11iw3oc5kh3kw3ph1",
        "ic8ih3oc8kh3ph4pw3",
        "ic2ih1oc3kh3ph1",
        "ic2ih2oc3kh5ph2",
        "ic6ih13oc7kh3ph2dh2",
        "ic6ih13oc7kh3sh2ph2dh3",
        "ic3ih12oc5kh3kw4sh3sw2ph1pw2dh2dw3",
        "ic7ih10oc7kh2sh4",
        "ic4ih9oc4kh2sh2dh2ph1",
        "ic8ih6oc12kh3ph1g2",
        "ic32ih6oc64kh3ph1g2",
        "ic1ih7oc33kh3ph1",
        "ic1ih10oc24kh3kw5sh2ph1pw2",
        "ic3ih9oc40kh3ph2dh2",
        "ic4ih8oc16kh1kw3pw1",
        "ic16ih7oc40kh3ph1sh2",
        "ic16ih6oc48kh3ph0",
        "ic20ih14oc18kh1",
        "ic64ih15oc64kh1sh2",
        "ic5ih3oc65kh1",
        "ic7ih5oc20kh1ph1sh3",
        "ic40ih12oc8kh3sh2ph1",
        "ic10ih9oc80kh3sh3ph2g2",
        "ic12ih6oc6kh3ph1g6",
        "ic4ih6oc8kh3ph1g4",
        "ic1ih6oc1kh3ph1g1",
        "ic5ih7oc5kh3ph1g5",
        "ic16ih7oc16kh3ph1sh2g16",
        "ic33ih7oc33kh3ph2dh2g33");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionForwardIsExactOnIntegers(String name) {
    Case c = new Case(name, true);
    float[] expected = NaiveConvolution.forward(c.shape, c.x, c.weight, c.bias, c.y, FROM, TO);
    kernels().conv2dForward(c.shape, c.x, c.packed, c.bias, false, c.y, c.workspace, FROM, TO);
    assertBits(expected, c.y, "y");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionBackwardInputIsExactOnIntegers(String name) {
    Case c = new Case(name, true);
    float[] expected = NaiveConvolution.backwardInput(c.shape, c.y, c.weight, c.x, FROM, TO);
    kernels().conv2dBackwardInput(c.shape, c.y, c.transposed, c.x, c.workspace, FROM, TO);
    assertBits(expected, c.x, "dx");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionBackwardWeightIsExactOnIntegers(String name) {
    Case c = new Case(name, true);
    float[] expected = NaiveConvolution.backwardWeight(c.shape, c.x, c.y, c.weight, FROM, TO);
    float[] dPacked = new float[c.shape.weightElements()];
    kernels().conv2dBackwardWeight(c.shape, c.x, c.y, dPacked, c.workspace, FROM, TO);
    ConvolutionWeights.unpack(c.shape, dPacked, true, c.weight, 0, c.shape.groupInputs());
    assertBits(expected, c.weight, "dWeight");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionHasTheBitsOfTheScalarTwin(String name) {
    Case expected = new Case(name, false);
    Case actual = new Case(name, false);
    runAll(new ScalarKernels(), expected);
    runAll(kernels(), actual);
    assertBits(expected.y, actual.y, "y");
    assertBits(expected.x, actual.x, "dx");
    assertBits(expected.packed, actual.packed, "dPacked");
  }

  /** Whether padding is skipped or multiplied by zero shows here and nowhere else. */
  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionOfSignedZerosAndInfinitiesHasTheBitsOfTheScalarTwin(String name) {
    Case expected = new Case(name, false);
    Case actual = new Case(name, false);
    for (Case c : List.of(expected, actual)) {
      Arrays.fill(c.x, -0f);
      Arrays.fill(c.y, -0f);
      Arrays.fill(c.bias, -0f);
      for (int i = 0; i < c.packed.length; i += 7) {
        c.packed[i] = Float.POSITIVE_INFINITY;
      }
    }
    runAll(new ScalarKernels(), expected);
    runAll(kernels(), actual);
    assertBits(expected.y, actual.y, "y");
    assertBits(expected.x, actual.x, "dx");
    assertBits(expected.packed, actual.packed, "dPacked");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionWithReluIsTheTwoInARow(String name) {
    Case fused = new Case(name, false);
    Case apart = new Case(name, false);
    kernels()
        .conv2dForward(
            fused.shape,
            fused.x,
            fused.packed,
            fused.bias,
            true,
            fused.y,
            fused.workspace,
            FROM,
            TO);
    kernels()
        .conv2dForward(
            apart.shape,
            apart.x,
            apart.packed,
            apart.bias,
            false,
            apart.y,
            apart.workspace,
            FROM,
            TO);
    int outputs = apart.shape.oh() * apart.shape.ow() * apart.shape.oc();
    kernels().leakyReluForward(0, apart.y, apart.y, FROM * outputs, TO * outputs);
    assertBits(apart.y, fused.y, "y");
  }

  @ParameterizedTest
  @MethodSource("shapes")
  default void convolutionOfARangeCutInTwoHasTheBitsOfOneRun(String name) {
    Case whole = new Case(name, false);
    Case cut = new Case(name, false);
    kernels()
        .conv2dBackwardWeight(whole.shape, whole.x, whole.y, whole.packed, whole.workspace, 0, TO);
    kernels().conv2dBackwardWeight(cut.shape, cut.x, cut.y, cut.packed, cut.workspace, 0, FROM);
    kernels().conv2dBackwardWeight(cut.shape, cut.x, cut.y, cut.packed, cut.workspace, FROM, TO);
    assertBits(whole.packed, cut.packed, "dPacked");
  }

  /** Runs all three on the same arrays, which makes three different problems of them. */
  static void runAll(Kernels kernels, Case c) {
    kernels.conv2dBackwardWeight(c.shape, c.x, c.y, c.packed, c.workspace, FROM, TO);
    kernels.conv2dForward(c.shape, c.x, c.packed, c.bias, false, c.y, c.workspace, FROM, TO);
    kernels.conv2dBackwardInput(c.shape, c.y, c.transposed, c.x, c.workspace, FROM, TO);
  }

  /** Arrays for one shape; x and y also serve as their gradients. */
  final class Case {
    final Conv2dShape shape;
    final float[] x;
    final float[] y;
    final float[] bias;
    final float[] weight;
    final float[] packed;
    final float[] transposed;
    final float[] workspace;

    Case(String name, boolean exact) {
      shape = KernelData.conv2d(name);
      x = data(exact, 1, TO * shape.ih() * shape.iw() * shape.ic());
      y = data(exact, 2, TO * shape.oh() * shape.ow() * shape.oc());
      bias = data(exact, 3, shape.oc());
      weight = data(exact, 4, shape.weightElements());
      packed = new float[shape.weightElements()];
      transposed = new float[shape.weightElements()];
      workspace = floats(5, Conv2dPlan.workspace(shape, true));
      ConvolutionWeights.pack(shape, weight, packed);
      ConvolutionWeights.packTransposed(shape, weight, transposed);
    }

    private static float[] data(boolean exact, long seed, int n) {
      return exact ? integers(seed, n) : floats(seed, n);
    }
  }
}
