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
        expected.products[c] += expected.dy[i] * deviation;
        expected.y[i] = deviation * expected.a[c] + expected.b[c];
        expected.dx[i] +=
            expected.dy[i] * expected.a[c] + deviation * expected.b[c] + expected.k[c];
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
    final int channels;
    final float[] x;
    final float[] dy;
    final float[] mean;
    final float[] a;
    final float[] b;
    final float[] k;
    final float[] sums;
    final float[] squares;
    final float[] products;
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
    }

    void run(Kernels kernels) {
      kernels.sumRows(channels, x, sums, FROM_ROW, ROWS);
      kernels.sumSquaredDeviations(channels, x, mean, squares, FROM_ROW, ROWS);
      kernels.sumProductDeviations(channels, x, mean, dy, products, FROM_ROW, ROWS);
      kernels.normalizeRows(channels, x, mean, a, b, y, FROM_ROW, ROWS);
      kernels.normalizeRowsBackward(channels, x, mean, dy, a, b, k, dx, FROM_ROW, ROWS);
    }

    void assertEqualTo(Rows expected) {
      assertBits(expected.sums, sums, "sums");
      assertBits(expected.squares, squares, "squares");
      assertBits(expected.products, products, "products");
      assertBits(expected.y, y, "y");
      assertBits(expected.dx, dx, "dx");
    }

    private static float[] data(boolean exact, long seed, int n) {
      return exact ? integers(seed, n) : floats(seed, n);
    }
  }
}
