package io.millrace.model.kernel;

/** {@link PooledConvolution} term by term. */
final class ScalarPooledConvolution {
  private ScalarPooledConvolution() {}

  static void backward(
      Conv2dShape s,
      Pool2dShape pool,
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
    lists.begin(s, pool, workspace);
    for (int n = from; n < to; n++) {
      lists.load(x, dy, argmax, n);
      for (int oc = 0; oc < s.oc(); oc++) {
        addWeightGradient(s, lists, workspace, oc, dRows);
      }
      for (int window = 0; dx.length > 0 && window < lists.windows(); window++) {
        lists.loadWindow(dy, argmax, n, window);
        addInputGradient(s, lists, workspace, rows);
      }
      if (dx.length > 0) {
        lists.addInputGradient(dx, n);
      }
    }
    lists.end();
  }

  private static void addWeightGradient(
      Conv2dShape s, PooledLists lists, float[] work, int oc, float[] dRows) {
    int row = PooledConvolution.row(s);
    for (int i = 0; i < lists.count(oc); i++) {
      int place = Float.floatToRawIntBits(work[lists.places(oc) + i]);
      float gradient = work[lists.gradients(oc) + i];
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int j = 0; j < row; j++) {
          int weight = (oc * s.kh() + kh) * row + j;
          float input = work[place + kh * lists.rowSize() + j];
          dRows[weight] = Math.fma(input, gradient, dRows[weight]);
        }
      }
    }
  }

  private static void addInputGradient(
      Conv2dShape s, PooledLists lists, float[] work, float[] rows) {
    int row = PooledConvolution.row(s);
    for (int place = 0; place < lists.windowPlaces(); place++) {
      int count = lists.filterCount(place);
      for (int element = 0; count > 0 && element < s.kh() * row; element++) {
        float sum = 0;
        for (int i = 0; i < count; i++) {
          int filter = Float.floatToRawIntBits(work[lists.filters(place) + i]);
          sum = Math.fma(rows[filter + element], work[lists.filterGradients(place) + i], sum);
        }
        int to = lists.dxAt() + lists.offsetOfPlace(place);
        work[to + element / row * lists.rowSize() + element % row] += sum;
      }
    }
  }
}
