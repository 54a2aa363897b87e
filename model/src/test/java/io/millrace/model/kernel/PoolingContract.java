package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pooling gives hand-made results, a plain definition's on integers and the scalar twin's bits. */
interface PoolingContract {
  int FROM_IMAGE = 1;
  int TO_IMAGE = 3;

  Kernels kernels();

  static Stream<String> pools() {
    return Stream.of(
        "c1ih1kh1",
        "c6ih28kh2sh2",
        "c16ih10kh2sh2",
        "c3ih5iw4kh2sh1",
        "c1ih2kh2",
        "c37ih4kh2sh2",
        "c5ih7iw6kh2sh3sw2",
        "c17ih7kh3sh2ph1",
        "c15ih5iw8kh3kw2sh1sw2ph1pw1",
        "c33ih9kh3sh1ph1",
        "c64ih8kh8",
        "c5ih3kh5ph2",
        "c4ih11kh2sh3");
  }

  @ParameterizedTest
  @MethodSource("pools")
  default void poolingIsExactOnIntegers(String name) {
    Pool2dShape s = KernelData.pool2d(name);
    float[] x = integers(1, TO_IMAGE * s.ih() * s.iw() * s.c());
    float[] maximum = integers(2, TO_IMAGE * s.oh() * s.ow() * s.c());
    float[] average = maximum.clone();
    float[] dx = new float[x.length];
    int[] argmax = new int[maximum.length];
    float[] expectedMaximum = maximum.clone();
    float[] expectedAverage = average.clone();
    float[] expectedDx = dx.clone();
    float[] expectedAverageDx = dx.clone();
    int[] expectedArgmax = argmax.clone();
    float factor = 1f / (s.kh() * s.kw());
    for (int n = FROM_IMAGE; n < TO_IMAGE; n++) {
      for (int i = 0; i < s.oh() * s.ow() * s.c(); i++) {
        int y = n * s.oh() * s.ow() * s.c() + i;
        int top = i / s.c() / s.ow() * s.sh() - s.ph();
        int left = i / s.c() % s.ow() * s.sw() - s.pw();
        int best = -1;
        float sum = 0;
        for (int ih = Math.max(0, top); ih < Math.min(s.ih(), top + s.kh()); ih++) {
          for (int iw = Math.max(0, left); iw < Math.min(s.iw(), left + s.kw()); iw++) {
            int at = ((n * s.ih() + ih) * s.iw() + iw) * s.c() + i % s.c();
            best = best < 0 || x[at] > x[best] ? at : best;
            sum += x[at];
            expectedAverageDx[at] += 3 * factor;
          }
        }
        expectedMaximum[y] = x[best];
        expectedArgmax[y] = best;
        expectedAverage[y] = sum * factor;
        expectedDx[best] += y;
      }
    }
    kernels().maxPoolForward(s, x, maximum, argmax, FROM_IMAGE, TO_IMAGE);
    assertBits(expectedMaximum, maximum, "maximum");
    assertArrayEquals(expectedArgmax, argmax);
    kernels().averagePoolForward(s, x, average, FROM_IMAGE, TO_IMAGE);
    assertBits(expectedAverage, average, "average");
    float[] positions = new float[maximum.length];
    float[] threes = new float[maximum.length];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = i;
      threes[i] = 3;
    }
    kernels().maxPoolBackward(s, positions, argmax, dx, FROM_IMAGE, TO_IMAGE);
    assertBits(expectedDx, dx, "dx of the maximum");
    float[] averageDx = new float[x.length];
    kernels().averagePoolBackward(s, threes, averageDx, FROM_IMAGE, TO_IMAGE);
    assertBits(expectedAverageDx, averageDx, "dx of the average");
  }

  @ParameterizedTest
  @MethodSource("pools")
  default void poolingHasTheBitsOfTheScalarTwin(String name) {
    Pool2dShape s = KernelData.pool2d(name);
    int inputs = TO_IMAGE * s.ih() * s.iw() * s.c();
    float[] x = floats(1, inputs);
    for (int i = 0; i < inputs; i += 7) {
      x[i] = i % 2 == 0 ? Float.NaN : i % 3 == 0 ? Float.NEGATIVE_INFINITY : 2;
    }
    float[][] results = new float[8][];
    int[][] argmax = new int[2][];
    for (int twin = 0; twin < 2; twin++) {
      Kernels kernels = twin == 0 ? new ScalarKernels() : kernels();
      float[] y = floats(2, TO_IMAGE * s.oh() * s.ow() * s.c());
      argmax[twin] = new int[y.length];
      float[] average = y.clone();
      float[] dx = floats(3, inputs);
      float[] averageDx = dx.clone();
      kernels.maxPoolForward(s, x, y, argmax[twin], FROM_IMAGE, TO_IMAGE);
      kernels.maxPoolBackward(s, average, argmax[twin], dx, FROM_IMAGE, TO_IMAGE);
      kernels.averagePoolBackward(s, average, averageDx, FROM_IMAGE, TO_IMAGE);
      kernels.averagePoolForward(s, x, average, FROM_IMAGE, TO_IMAGE);
      results[twin] = y;
      results[2 + twin] = dx;
      results[4 + twin] = average;
      results[6 + twin] = averageDx;
    }
    assertArrayEquals(argmax[0], argmax[1]);
    assertBits(results[0], results[1], "maximum");
    assertBits(results[2], results[3], "dx of the maximum");
    assertBits(results[4], results[5], "average");
    assertBits(results[6], results[7], "dx of the average");
  }

  @Test
  default void maximumOfEqualsIsTheFirstAndOfNansTheLast() {
    Pool2dShape s = new Pool2dShape(1, 1, 4, 1, 4, 1, 1, 0, 0);
    assertMaximum(s, new float[] {1, 5, 5, 2}, 5, 1);
    assertMaximum(s, new float[] {-0f, 0f, -1, -2}, -0f, 0);
    float low = Float.NEGATIVE_INFINITY;
    assertMaximum(s, new float[] {low, low, low, low}, low, 0);
    assertMaximum(s, new float[] {9, Float.NaN, 10, 3}, Float.NaN, 1);
    assertMaximum(s, new float[] {Float.NaN, 1, Float.NaN, 3}, Float.NaN, 2);
  }

  private void assertMaximum(Pool2dShape s, float[] x, float maximum, int place) {
    float[] y = new float[1];
    int[] argmax = new int[1];
    kernels().maxPoolForward(s, x, y, argmax, 0, 1);
    assertEquals(maximum, y[0]);
    assertEquals(place, argmax[0]);
  }
}
