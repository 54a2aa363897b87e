package io.millrace.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link PooledConvolution} with lanes across a kernel row's inputs. */
final class VectorPooledConvolution {
  private static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  private static final int LANES = BlockProduct.LANES;

  /** Vectors of sums that stay in registers while the windows go by. */
  private static final int SUMS = 5;

  private VectorPooledConvolution() {}

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
    int row = PooledConvolution.row(s);
    int vectors = row / LANES;
    for (int n = from; n < to; n++) {
      lists.load(x, dy, argmax, n);
      for (int oc = 0; oc < s.oc(); oc++) {
        int count = lists.count(oc);
        int filter = oc * s.kh() * row;
        for (int v = 0; v < s.kh() * vectors; v += SUMS) {
          sum(workspace, lists, oc, count, v, vectors, s.kh() * vectors - 1, dRows, filter);
        }
        if (dx.length > 0) {
          int step = lists.rowSize();
          spread(workspace, lists, oc, count, rows, filter, s.kh(), row, step);
        }
      }
      if (dx.length > 0) {
        lists.addInputGradient(dx, n);
      }
    }
    lists.end();
  }

  /** Five vectors of a filter's gradient; beyond the last, the last again. */
  private static void sum(
      float[] work,
      PooledLists lists,
      int oc,
      int count,
      int v,
      int vectors,
      int last,
      float[] dRows,
      int filter) {
    int v1 = Math.min(v + 1, last);
    int v2 = Math.min(v + 2, last);
    int v3 = Math.min(v + 3, last);
    int v4 = Math.min(v + 4, last);
    int rowSize = lists.rowSize();
    int x0 = v / vectors * rowSize + v % vectors * LANES;
    int x1 = v1 / vectors * rowSize + v1 % vectors * LANES;
    int x2 = v2 / vectors * rowSize + v2 % vectors * LANES;
    int x3 = v3 / vectors * rowSize + v3 % vectors * LANES;
    int x4 = v4 / vectors * rowSize + v4 % vectors * LANES;
    FloatVector sum0 = load(dRows, filter + v * LANES);
    FloatVector sum1 = load(dRows, filter + v1 * LANES);
    FloatVector sum2 = load(dRows, filter + v2 * LANES);
    FloatVector sum3 = load(dRows, filter + v3 * LANES);
    FloatVector sum4 = load(dRows, filter + v4 * LANES);
    int places = lists.places(oc);
    int gradients = lists.gradients(oc);
    for (int i = 0; i < count; i++) {
      int place = Float.floatToRawIntBits(work[places + i]);
      FloatVector gradient = FloatVector.broadcast(SPECIES, work[gradients + i]);
      sum0 = load(work, place + x0).fma(gradient, sum0);
      sum1 = load(work, place + x1).fma(gradient, sum1);
      sum2 = load(work, place + x2).fma(gradient, sum2);
      sum3 = load(work, place + x3).fma(gradient, sum3);
      sum4 = load(work, place + x4).fma(gradient, sum4);
    }
    sum0.intoArray(dRows, filter + v * LANES);
    sum1.intoArray(dRows, filter + v1 * LANES);
    sum2.intoArray(dRows, filter + v2 * LANES);
    sum3.intoArray(dRows, filter + v3 * LANES);
    sum4.intoArray(dRows, filter + v4 * LANES);
  }

  /** Adds a filter's rows to the padded dx at each of its windows. */
  private static void spread(
      float[] work,
      PooledLists lists,
      int oc,
      int count,
      float[] rows,
      int filter,
      int kernelRows,
      int row,
      int rowSize) {
    int places = lists.places(oc);
    int gradients = lists.gradients(oc);
    for (int i = 0; i < count; i++) {
      int place = lists.dxAt() + Float.floatToRawIntBits(work[places + i]);
      FloatVector gradient = FloatVector.broadcast(SPECIES, work[gradients + i]);
      for (int kh = 0; kh < kernelRows; kh++) {
        int to = place + kh * rowSize;
        int from = filter + kh * row;
        for (int j = 0; j < row; j += LANES) {
          load(rows, from + j).fma(gradient, load(work, to + j)).intoArray(work, to + j);
        }
      }
    }
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
