package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;

/** Between [n][c][h][w] at the API and [n][h][w][c] in the graph; rows of features stay as is. */
final class ChannelsLast {
  private ChannelsLast() {}

  /** y[n][h][w][c] = x[first + n][c][h][w] for samples [from, to). */
  static void fromNchw(Shape shape, float[] x, int first, float[] y, int from, int to) {
    int channels = shape.extent(0);
    int elements = shape.elements();
    int pixels = elements / channels;
    if (channels == 1 || pixels == 1) {
      int at = (first + from) * elements;
      System.arraycopy(x, at, y, from * elements, (to - from) * elements);
      return;
    }
    for (int n = from; n < to; n++) {
      int source = (first + n) * elements;
      int base = n * elements;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < pixels; p++) {
          y[base + p * channels + c] = x[source + c * pixels + p];
        }
      }
    }
  }

  /** y[n][c][h][w] = x[n][h][w][c]. */
  static void toNchw(Shape shape, float[] x, float[] y, int from, int to) {
    int channels = shape.extent(0);
    int elements = shape.elements();
    int pixels = elements / channels;
    if (channels == 1 || pixels == 1) {
      System.arraycopy(x, from * elements, y, from * elements, (to - from) * elements);
      return;
    }
    for (int n = from; n < to; n++) {
      int base = n * elements;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < pixels; p++) {
          y[base + c * pixels + p] = x[base + p * channels + c];
        }
      }
    }
  }

  /** dx[n][h][w][c] += dy[n][c][h][w]: the gradient of {@link #toNchw}. */
  static void addFromNchw(Shape shape, float[] dy, float[] dx, int from, int to) {
    int channels = shape.extent(0);
    int elements = shape.elements();
    int pixels = elements / channels;
    for (int n = from; n < to; n++) {
      int base = n * elements;
      for (int c = 0; c < channels; c++) {
        for (int p = 0; p < pixels; p++) {
          dx[base + p * channels + c] += dy[base + c * pixels + p];
        }
      }
    }
  }
}
