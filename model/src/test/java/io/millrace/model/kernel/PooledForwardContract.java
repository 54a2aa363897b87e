package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A convolution with a max pooling behind it has the bits of the two layers apart. */
interface PooledForwardContract {
  /** The first sample is left out, to see that a range touches nothing else. */
  int FROM = 1;

  int TO = 3;

  Kernels kernels();

  static Stream<String> joinedShapes() {
    return Stream.of(
        "ic1ih28oc6kh5ph2",
        "ic2ih11oc1kh2",
        "ic3ih10oc2kh3ph1",
        "ic11ih16oc3kh3ph1",
        "ic5ih27iw11oc4kh5kw6ph2pw3",
        "ic2ih13iw300oc5kh5ph2",
        "ic3ih13iw17oc7kh3kw4ph1pw2",
        "ic1ih12iw35oc8kh5ph2",
        "ic1ih13iw150oc9kh5kw5ph2",
        "ic3ih6iw33oc10kh3kw2ph0pw1",
        "ic2ih15iw40oc11kh4kw3ph3pw0",
        "ic3ih3iw70oc6kh2");
  }

  @ParameterizedTest
  @MethodSource("joinedShapes")
  default void pooledForwardIsTheTwoLayersApart(String name) {
    assertJoined(new Case(name, floats(1, Case.inputs(name))), true, false);
    assertJoined(new Case(name, floats(1, Case.inputs(name))), true, true);
    assertJoined(new Case(name, floats(1, Case.inputs(name))), false, true);
  }

  /** Of equals the first, which integers have many of. */
  @ParameterizedTest
  @MethodSource("joinedShapes")
  default void pooledForwardOfEqualsIsTheTwoLayersApart(String name) {
    float[] x = integers(2, Case.inputs(name));
    for (int i = 0; i < x.length; i++) {
      x[i] = x[i] < 2 ? -0f : 1;
    }
    assertJoined(new Case(name, x), true, false);
  }

  /** Of NaNs the last. */
  @ParameterizedTest
  @MethodSource("joinedShapes")
  default void pooledForwardOfNansIsTheTwoLayersApart(String name) {
    float[] x = floats(3, Case.inputs(name));
    for (int i = 0; i < x.length; i += 41) {
      x[i] = i % 3 == 0 ? Float.NaN : Float.NEGATIVE_INFINITY;
    }
    assertJoined(new Case(name, x), true, false);
    assertJoined(new Case(name, x), true, true);
  }

  private void assertJoined(Case c, boolean places, boolean relu) {
    ScalarKernels scalar = new ScalarKernels();
    float[] value = new float[TO * c.shape.oh() * c.shape.ow() * c.shape.oc()];
    float[] expected = c.y.clone();
    int[] expectedArgmax = c.argmax.clone();
    scalar.conv2dForward(c.shape, c.x, c.packed, c.bias, false, value, c.workspace, FROM, TO);
    scalar.maxPoolForward(c.pool, value, expected, expectedArgmax, FROM, TO);
    if (relu) {
      int results = c.pool.oh() * c.pool.ow() * c.pool.c();
      scalar.leakyReluForward(0, expected, expected, FROM * results, TO * results);
    }
    c.run(kernels(), places, relu);
    assertBits(expected, c.y, "y");
    if (places) {
      assertArrayEquals(expectedArgmax, c.argmax);
    }
  }

  /** Arrays for one shape and a pooling of 2 by 2. */
  final class Case {
    private static final int[] NOWHERE = {};

    final Conv2dShape shape;
    final Pool2dShape pool;
    final float[] x;
    final float[] y;
    final int[] argmax;
    final float[] bias;
    final float[] packed;
    final float[] workspace;

    Case(String name, float[] x) {
      shape = KernelData.conv2d(name);
      pool = new Pool2dShape(shape.oc(), shape.oh(), shape.ow(), 2, 2, 2, 2, 0, 0);
      assertTrue(PooledConvolution.forwardSuits(shape, pool), name);
      this.x = x;
      y = floats(4, TO * pool.oh() * pool.ow() * pool.c());
      argmax = new int[y.length];
      bias = floats(5, shape.oc());
      packed = floats(6, shape.weightElements());
      workspace = floats(7, Conv2dPlan.workspace(shape, false));
    }

    static int inputs(String name) {
      Conv2dShape shape = KernelData.conv2d(name);
      return TO * shape.ih() * shape.iw() * shape.ic();
    }

    void run(Kernels kernels, boolean places, boolean relu) {
      kernels.pooledConvolutionForward(
          shape, pool, x, packed, bias, relu, y, places ? argmax : NOWHERE, workspace, FROM, TO);
    }
  }
}
