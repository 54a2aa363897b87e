package io.millrace.model.kernel;

/** {@link PooledConvolution} term by term. */
final class ScalarPooledConvolution {
  private ScalarPooledConvolution() {}

  /** y and argmax of each window, from one pixel's results at a time in the workspace. */
  static void forward(
      Conv2dShape s,
      Pool2dShape pool,
      float[] x,
      float[] packed,
      float[] bias,
      float[] y,
      int[] argmax,
      float[] workspace,
      int from,
      int to) {
    for (int n = from; n < to; n++) {
      for (int h = 0; h < pool.oh(); h++) {
        for (int w = 0; w < pool.ow(); w++) {
          int window = ((n * pool.oh() + h) * pool.ow() + w) * s.oc();
          for (int place = 0; place < pool.kh() * pool.kw(); place++) {
            int oh = h * pool.sh() + place / pool.kw();
            int ow = w * pool.sw() + place % pool.kw();
            ScalarConvolution.forwardPixel(s, x, n, oh, ow, packed, bias, workspace, 0);
            int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
            takeLarger(s.oc(), workspace, place == 0, pixel, y, argmax, window);
          }
        }
      }
    }
  }

  private static void takeLarger(
      int channels,
      float[] results,
      boolean first,
      int pixel,
      float[] y,
      int[] argmax,
      int window) {
    for (int c = 0; c < channels; c++) {
      float value = results[c];
      if (first || value > y[window + c] || Float.isNaN(value)) {
        y[window + c] = value;
        if (argmax.length > 0) {
          argmax[window + c] = pixel + c;
        }
      }
    }
  }

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
