package io.millrace.model.kernel;

/** Linear layers as blocks of rows by vectors of columns; one instance per thread. */
final class VectorLinear {
  private static final ThreadLocal<VectorLinear> LOCAL = ThreadLocal.withInitial(VectorLinear::new);

  private final BlockProduct block = new BlockProduct();

  /** The last columns of a few rows, which go through a block of their own. */
  private final float[] last = new float[FewRowsBlock.ROWS * FewRowsBlock.NARROW];

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
      if (rows <= FewRowsBlock.ROWS && columns >= FewRowsBlock.NARROW) {
        multiplyFew(rows, a, at, aRow, aStep, b, c, into, columns, count);
      } else {
        block.columns(0, columns);
        for (int r = 0; r < rows; r++) {
          block.row(at + r * aRow, into + r * columns);
        }
        block.flush();
      }
    }
    block.release();
  }

  /**
   * One row or four. Columns that do not fill the narrowest block are computed in one that overlaps
   * the others, from a copy of where their chains start.
   */
  private void multiplyFew(
      int rows,
      float[] a,
      int at,
      int aRow,
      int aStep,
      float[] b,
      float[] c,
      int into,
      int columns,
      int count) {
    int narrow = FewRowsBlock.NARROW;
    int overlap = columns - narrow;
    int left = columns % narrow;
    for (int r = 0; left > 0 && r < rows; r++) {
      System.arraycopy(c, into + r * columns + overlap, last, r * narrow, narrow);
    }
    if (rows == 1) {
      FewRowsBlock.one(a, at, aStep, b, 0, columns, c, into, count, columns);
    } else {
      FewRowsBlock.four(a, at, aRow, aStep, b, 0, columns, c, into, columns, count, columns);
    }
    if (left == 0) {
      return;
    }
    if (rows == 1) {
      FewRowsBlock.one(a, at, aStep, b, overlap, columns, last, 0, count, narrow);
    } else {
      FewRowsBlock.four(a, at, aRow, aStep, b, overlap, columns, last, 0, narrow, count, narrow);
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(last, (r + 1) * narrow - left, c, into + (r + 1) * columns - left, left);
    }
  }

  /** Rows of the next block. */
  private static int rows(int left) {
    if (left >= BlockProduct.ROWS && left != 2 * FewRowsBlock.ROWS) {
      return BlockProduct.ROWS;
    }
    return left >= FewRowsBlock.ROWS ? FewRowsBlock.ROWS : 1;
  }
}
