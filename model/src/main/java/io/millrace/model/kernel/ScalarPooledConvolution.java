package io.millrace.model.kernel;

/** {@link PooledConvolution} term by term. */
final class ScalarPooledConvolution {
  private ScalarPooledConvolution() {}

  static void backward(
      Conv2dShape s,
      int windows,
      float[] x,
      float[] dy,
      int[] argmax,
      float[] rows,
      float[] dx,
      float[] dRows,
      float[] workspace,
      int from,
      int to) {
    PooledLists lists = PooledLists.local();
    lists.begin(s, windows, workspace);
    for (int n = from; n < to; n++) {
      lists.load(x, dy, argmax, n);
      for (int oc = 0; oc < s.oc(); oc++) {
        addTerms(s, lists, oc, 0, dRows, true);
        if (dx.length > 0) {
          addTerms(s, lists, oc, lists.dxAt(), rows, false);
        }
      }
      if (dx.length > 0) {
        lists.addInputGradient(dx, n);
      }
    }
    lists.end();
  }

  /** Of the weights' gradient, or else of the input's. */
  private static void addTerms(
      Conv2dShape s, PooledLists lists, int oc, int inputs, float[] rows, boolean weights) {
    float[] work = lists.work();
    int row = PooledConvolution.row(s);
    for (int i = 0; i < lists.count(oc); i++) {
      int place = inputs + Float.floatToRawIntBits(work[lists.places(oc) + i]);
      float gradient = work[lists.gradients(oc) + i];
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int j = 0; j < row; j++) {
          int at = place + kh * lists.rowSize() + j;
          int weight = (oc * s.kh() + kh) * row + j;
          if (weights) {
            rows[weight] = Math.fma(work[at], gradient, rows[weight]);
          } else {
            work[at] = Math.fma(rows[weight], gradient, work[at]);
          }
        }
      }
    }
  }
}
