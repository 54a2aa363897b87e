package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradients of a convolution in front of a max pooling are exactly those of the two layers
 * apart on integers, and have the scalar twin's bits on floats.
 */
interface PooledConvolutionContract {
  int FROM = 1;
  int TO = 3;

  Kernels kernels();

  static Stream<String> pooledShapes() {
    return Stream.of(
        "ic1ih28oc6kh5ph2",
        "ic6ih14oc16kh5",
        "ic3ih9iw7oc5kh3ph1",
        "ic1ih4oc1kh1",
        "ic17ih6oc3kh3ph2",
        "ic2ih13iw10oc7kh3kw2sh2ph1pw0",
        "ic32ih5iw6oc33kh4kw4ph3",
        "ic5ih8oc18kh3ph1");
  }

  @ParameterizedTest
  @MethodSource("pooledShapes")
  default void pooledConvolutionIsTheTwoLayersApartOnIntegers(String name) {
    Case c = new Case(name, true);
    float[] dValue = new float[TO * c.shape.oh() * c.shape.ow() * c.shape.oc()];
    kernels().maxPoolBackward(c.pool, c.dy, c.argmax, dValue, FROM, TO);
    float[] dWeight = NaiveConvolution.backwardWeight(c.shape, c.x, dValue, c.dWeight, FROM, TO);
    float[] dx = NaiveConvolution.backwardInput(c.shape, dValue, c.weight, c.dx, FROM, TO);
    c.run(kernels(), true);
    PooledConvolution.unpack(c.shape, c.dRows, true, c.dWeight, 0, c.shape.oc());
    assertBits(dx, c.dx, "dx");
    assertBits(dWeight, c.dWeight, "dWeight");
  }

  @ParameterizedTest
  @MethodSource("pooledShapes")
  default void pooledConvolutionHasTheBitsOfTheScalarTwin(String name) {
    Case expected = new Case(name, false);
    Case actual = new Case(name, false);
    expected.run(new ScalarKernels(), true);
    actual.run(kernels(), true);
    assertBits(expected.dx, actual.dx, "dx");
    assertBits(expected.weightGradient(), actual.weightGradient(), "dWeight");
  }

  @ParameterizedTest
  @MethodSource("pooledShapes")
  default void pooledConvolutionWithoutAnInputGradientGivesTheSameWeightGradient(String name) {
    Case with = new Case(name, false);
    Case without = new Case(name, false);
    with.run(kernels(), true);
    without.run(kernels(), false);
    assertBits(with.weightGradient(), without.weightGradient(), "dWeight");
  }

  @ParameterizedTest
  @MethodSource("pooledShapes")
  default void pooledConvolutionOfInfinitiesHasTheBitsOfTheScalarTwin(String name) {
    Case expected = new Case(name, false);
    Case actual = new Case(name, false);
    for (Case c : new Case[] {expected, actual}) {
      for (int i = 0; i < c.dy.length; i += 5) {
        c.dy[i] = i % 2 == 0 ? Float.POSITIVE_INFINITY : -0f;
      }
      c.x[c.x.length / 2] = Float.NEGATIVE_INFINITY;
    }
    expected.run(new ScalarKernels(), true);
    actual.run(kernels(), true);
    assertBits(expected.dx, actual.dx, "dx");
    assertBits(expected.weightGradient(), actual.weightGradient(), "dWeight");
  }

  /** Where an index could not be divided by the channels exactly, the layers stay apart. */
  @Test
  default void pooledConvolutionsOfHugeImagesStayApart() {
    Conv2dShape most = new Conv2dShape(1, 512, 512, 6, 5, 5, 1, 1, 2, 2, 1, 1, 1);
    Conv2dShape more = new Conv2dShape(1, 1024, 1024, 6, 5, 5, 1, 1, 2, 2, 1, 1, 1);
    Conv2dShape wide = new Conv2dShape(1, 256, 256, 8192, 5, 5, 1, 1, 2, 2, 1, 1, 1);
    assertTrue(PooledConvolution.suits(most, halving(most)));
    assertFalse(PooledConvolution.suits(more, halving(more)));
    assertFalse(PooledConvolution.suits(wide, halving(wide)));
  }

  private static Pool2dShape halving(Conv2dShape s) {
    return new Pool2dShape(s.oc(), s.oh(), s.ow(), 2, 2, 2, 2, 0, 0);
  }

  /** Arrays for one shape and a pooling of 2 by 2. */
  final class Case {
    final Conv2dShape shape;
    final Pool2dShape pool;
    final float[] x;
    final float[] dx;
    final float[] dy;
    final int[] argmax;
    final float[] weight;
    final float[] dWeight;
    final float[] rows;
    final float[] dRows;
    final float[] workspace;

    Case(String name, boolean exact) {
      shape = KernelData.conv2d(name);
      pool = halving(shape);
      assertTrue(PooledConvolution.suits(shape, pool), name);
      int inputs = TO * shape.ih() * shape.iw() * shape.ic();
      int windows = pool.oh() * pool.ow();
      x = data(exact, 1, inputs);
      dx = data(exact, 2, inputs);
      dy = data(exact, 3, TO * windows * shape.oc());
      // As behind a ReLU.
      for (int i = 0; i < dy.length; i += 3) {
        dy[i] = 0;
      }
      weight = data(exact, 4, shape.weightElements());
      dWeight = data(exact, 5, shape.weightElements());
      rows = new float[PooledConvolution.rowElements(shape)];
      PooledConvolution.pack(shape, weight, rows);
      dRows = new float[rows.length];
      workspace = floats(6, PooledConvolution.workspace(shape, pool));
      argmax = new int[dy.length];
      float[] value = data(exact, 7, TO * shape.oh() * shape.ow() * shape.oc());
      new ScalarKernels().maxPoolForward(pool, value, new float[dy.length], argmax, 0, TO);
    }

    void run(Kernels kernels, boolean inputGradient) {
      float[] into = inputGradient ? dx : new float[0];
      kernels.pooledConvolutionBackward(
          shape, pool, x, dy, argmax, rows, into, dRows, workspace, FROM, TO);
    }

    float[] weightGradient() {
      float[] gradient = new float[shape.weightElements()];
      PooledConvolution.unpack(shape, dRows, false, gradient, 0, shape.oc());
      return gradient;
    }

    private static float[] data(boolean exact, long seed, int n) {
      return exact ? integers(seed, n) : floats(seed, n);
    }
  }
}
