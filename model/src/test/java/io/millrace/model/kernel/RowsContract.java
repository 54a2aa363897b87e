package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums and maps over rows of channels: exact on integers, the scalar twin's bits on floats. */
interface RowsContract {
  int ROWS = 53;
  int FROM_ROW = 2;

  Kernels kernels();

  @ParameterizedTest(name = "c{0}")
  @ValueSource(ints = {1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64})
  default void rowsAreExactOnIntegers(int channels) {
    Rows actual = new Rows(channels, true);
    actual.run(kernels());
    Rows expected = new Rows(channels, true);
    for (int row = FROM_ROW; row < ROWS; row++) {
      for (int c = 0; c < channels; c++) {
        int i = row * channels + c;
        float deviation = expected.x[i] - expected.mean[c];
        expected.sums[c] += expected.x[i];
        expected.squares[c] += deviation * deviation;
        expected.gradientSums[c] += expected.dy[i];
        expected.products[c] += expected.dy[i] * deviation;
        float normalized = deviation * expected.a[c] + expected.b[c];
        expected.y[i] = normalized;
        expected.joined[i] = Math.max(0, normalized + expected.shortcut[i]);
        float gradient = expected.dy[i] * expected.a[c] + deviation * expected.b[c] + expected.k[c];
        expected.dx[i] += gradient;
        expected.dxAlone[i] = gradient;
        float passed = expected.joined[i] > 0 ? expected.masked[i] : 0;
        expected.masked[i] = passed;
        // By both kernels in turn, the second of which finds nothing left to cut off.
        expected.maskedSums[c] += 2 * passed;
        expected.maskedProducts[c] += passed * deviation;
      }
    }
    actual.assertEqualTo(expected);
  }

  @ParameterizedTest(name = "c{0}")
  @ValueSource(ints = {1, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64})
  default void rowsHaveTheBitsOfTheScalarTwin(int channels) {
    Rows actual = new Rows(channels, false);
    actual.run(kernels());
    Rows expected = new Rows(channels, false);
    expected.run(new ScalarKernels());
    actual.assertEqualTo(expected);
  }

  /** The arrays of all operations on rows. */
  final class Rows {
    private static final float[] NONE = {};

    final int channels;
    final float[] x;
    final float[] dy;
    final float[] mean;
    final float[] a;
    final float[] b;
    final float[] k;
    final float[] sums;
    final float[] squares;
    final float[] gradientSums;
    final float[] products;
    final float[] shortcut;
    final float[] joined;
    final float[] dxAlone;
    final float[] masked;
    final float[] maskedSums;
    final float[] maskedProducts;
    final float[] y;
    final float[] dx;

    Rows(int channels, boolean exact) {
      this.channels = channels;
      x = data(exact, 1, ROWS * channels);
      dy = data(exact, 2, ROWS * channels);
      mean = data(exact, 3, channels);
      a = data(exact, 4, channels);
      b = data(exact, 5, channels);
      k = data(exact, 6, channels);
      sums = data(exact, 7, channels);
      squares = data(exact, 8, channels);
      products = data(exact, 9, channels);
      y = data(exact, 10, ROWS * channels);
      dx = data(exact, 11, ROWS * channels);
      gradientSums = data(exact, 12, channels);
      shortcut = data(exact, 13, ROWS * channels);
      joined = data(exact, 14, ROWS * channels);
      dxAlone = data(exact, 15, ROWS * channels);
      masked = data(exact, 16, ROWS * channels);
      maskedSums = data(exact, 17, channels);
      maskedProducts = data(exact, 18, channels);
    }

    void run(Kernels kernels) {
      kernels.sumRows(channels, x, sums, FROM_ROW, ROWS);
      kernels.sumSquaredDeviations(channels, x, mean, squares, FROM_ROW, ROWS);
      kernels.sumGradientRows(channels, x, mean, NONE, dy, gradientSums, products, FROM_ROW, ROWS);
      kernels.normalizeRows(channels, x, mean, a, b, NONE, false, y, FROM_ROW, ROWS);
      kernels.normalizeRows(channels, x, mean, a, b, shortcut, true, joined, FROM_ROW, ROWS);
      kernels.normalizeRowsBackward(channels, x, mean, dy, a, b, k, true, dx, FROM_ROW, ROWS);
      kernels.normalizeRowsBackward(channels, x, mean, dy, a, b, k, false, dxAlone, FROM_ROW, ROWS);
      kernels.sumGradientRows(
          channels, x, mean, joined, masked, maskedSums, maskedProducts, FROM_ROW, ROWS);
      kernels.reluBackwardRows(channels, joined, masked, maskedSums, FROM_ROW, ROWS);
    }

    void assertEqualTo(Rows expected) {
      assertBits(expected.sums, sums, "sums");
      assertBits(expected.squares, squares, "squares");
      assertBits(expected.products, products, "products");
      assertBits(expected.y, y, "y");
      assertBits(expected.dx, dx, "dx");
      assertBits(expected.gradientSums, gradientSums, "sums of dy");
      assertBits(expected.joined, joined, "y of a shortcut and a ReLU");
      assertBits(expected.dxAlone, dxAlone, "dx that is not added");
      assertBits(expected.masked, masked, "dy through a ReLU");
      assertBits(expected.maskedSums, maskedSums, "sums of dy through a ReLU");
      assertBits(expected.maskedProducts, maskedProducts, "products of dy through a ReLU");
    }

    private static float[] data(boolean exact, long seed, int n) {
      return exact ? integers(seed, n) : floats(seed, n);
    }
  }
}
