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
    block.arrays(x, packed, y);
    reduce(in, 1, out, out);
    addRows(from, to, in, out);
  }

  /** dx[n][in] += sum over out of dy[n][out] * weight[out][in]. */
  void backwardInput(int in, int out, float[] dy, float[] weight, float[] dx, int from, int to) {
    block.arrays(dy, weight, dx);
    reduce(out, 1, in, in);
    addRows(from, to, out, in);
  }

  /** dWeight[out][in] += sum over n of dy[n][out] * x[n][in]. */
  void backwardWeight(
      int in, int out, float[] x, float[] dy, float[] dWeight, int samples, int from, int to) {
    block.arrays(dy, x, dWeight);
    reduce(samples, out, in, in);
    addRows(from, to, 1, in);
  }

  private void reduce(int count, int aStep, int bStep, int columns) {
    block.loop(count, aStep, bStep);
    block.columns(0, columns);
  }

  private void addRows(int from, int to, int aStep, int cStep) {
    for (int row = from; row < to; row++) {
      block.row(row * aStep, row * cStep);
    }
    block.flush();
    block.release();
  }
}
