package io.millrace.model.kernel;

/** Linear layers as blocks of rows by vectors of columns; one instance per thread. */
final class VectorLinear {
  private static final ThreadLocal<VectorLinear> LOCAL = ThreadLocal.withInitial(VectorLinear::new);

  private final BlockProduct block = new BlockProduct();

  private VectorLinear() {}

  /** The calling thread's own instance. */
  static VectorLinear local() {
    return LOCAL.get();
  }

  /** y[n][out] = bias[out] + sum over in of x[n][in] * packed[in][out]. */
  void forward(
      int in, int out, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    for (int n = from; n < to; n++) {
      System.arraycopy(bias, 0, y, n * out, out);
    }
    multiply(x, in, 1, packed, y, out, in, from, to);
  }

  /** dx[n][in] += sum over out of dy[n][out] * weight[out][in]. */
  void backwardInput(int in, int out, float[] dy, float[] weight, float[] dx, int from, int to) {
    multiply(dy, out, 1, weight, dx, in, out, from, to);
  }

  /** dWeight[out][in] += sum over n of dy[n][out] * x[n][in]. */
  void backwardWeight(
      int in, int out, float[] x, float[] dy, float[] dWeight, int samples, int from, int to) {
    multiply(dy, 1, out, x, dWeight, in, samples, from, to);
  }

  /**
   * c[row][column] += sum over k in [0, count) of a[row * aRow + k * aStep] * b[k][column], in
   * blocks of as many rows as there are.
   */
  private void multiply(
      float[] a,
      int aRow,
      int aStep,
      float[] b,
      float[] c,
      int columns,
      int count,
      int from,
      int to) {
    block.arrays(a, b, c);
    block.loop(count, aStep, columns);
    int row = from;
    for (int rows; row < to; row += rows) {
      rows = rows(to - row);
      int at = row * aRow;
      int into = row * columns;
      int column = 0;
      if (rows == FewRowsBlock.ROWS) {
        column =
            FewRowsBlock.four(a, at, aRow, aStep, b, 0, columns, c, into, columns, count, columns);
      } else if (rows == 1) {
        column = FewRowsBlock.one(a, at, aStep, b, 0, columns, c, into, count, columns);
      }
      block.columns(column, columns - column);
      for (int r = 0; r < rows; r++) {
        block.row(at + r * aRow, into + r * columns + column);
      }
      block.flush();
    }
    block.release();
  }

  /** Rows of the next block. */
  private static int rows(int left) {
    if (left >= BlockProduct.ROWS && left != 2 * FewRowsBlock.ROWS) {
      return BlockProduct.ROWS;
    }
    return left >= FewRowsBlock.ROWS ? FewRowsBlock.ROWS : 1;
  }
}
