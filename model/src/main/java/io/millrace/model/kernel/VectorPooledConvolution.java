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
    int vectors = PooledConvolution.row(s) / LANES;
    int last = s.kh() * vectors - 1;
    for (int n = from; n < to; n++) {
      lists.load(x, dy, argmax, n);
      for (int oc = 0; oc < s.oc(); oc++) {
        int filter = oc * (last + 1) * LANES;
        for (int v = 0; v <= last; v += SUMS) {
          sum(workspace, lists, oc, v, vectors, last, dRows, filter);
        }
      }
      if (dx.length > 0) {
        for (int window = 0; window < lists.windows(); window++) {
          lists.loadWindow(dy, argmax, n, window);
          spreadWindow(workspace, lists, rows, vectors, last);
        }
        lists.addInputGradient(dx, n);
      }
    }
    lists.end();
  }

  /** Adds to the padded dx what the filters of a window's places give. */
  private static void spreadWindow(
      float[] work, PooledLists lists, float[] rows, int vectors, int last) {
    for (int place = 0; place < lists.windowPlaces(); place++) {
      int count = lists.filterCount(place);
      for (int v = 0; count > 0 && v <= last; v += SUMS) {
        spread(work, lists, place, count, v, vectors, last, rows);
      }
    }
  }

  /** Five vectors of the sum of filters, added at their place. */
  private static void spread(
      float[] work,
      PooledLists lists,
      int place,
      int count,
      int v,
      int vectors,
      int last,
      float[] rows) {
    int w0 = v * LANES;
    int w1 = Math.min(v + 1, last) * LANES;
    int w2 = Math.min(v + 2, last) * LANES;
    int w3 = Math.min(v + 3, last) * LANES;
    int w4 = Math.min(v + 4, last) * LANES;
    FloatVector sum0 = FloatVector.zero(SPECIES), sum1 = FloatVector.zero(SPECIES);
    FloatVector sum2 = FloatVector.zero(SPECIES), sum3 = FloatVector.zero(SPECIES);
    FloatVector sum4 = FloatVector.zero(SPECIES);
    int filters = lists.filters(place);
    int gradients = lists.filterGradients(place);
    for (int i = 0; i < count; i++) {
      int filter = Float.floatToRawIntBits(work[filters + i]);
      FloatVector gradient = FloatVector.broadcast(SPECIES, work[gradients + i]);
      sum0 = FloatVector.fromArray(SPECIES, rows, filter + w0).fma(gradient, sum0);
      sum1 = FloatVector.fromArray(SPECIES, rows, filter + w1).fma(gradient, sum1);
      sum2 = FloatVector.fromArray(SPECIES, rows, filter + w2).fma(gradient, sum2);
      sum3 = FloatVector.fromArray(SPECIES, rows, filter + w3).fma(gradient, sum3);
      sum4 = FloatVector.fromArray(SPECIES, rows, filter + w4).fma(gradient, sum4);
    }
    int to = lists.dxAt() + lists.offsetOfPlace(place);
    int rowSize = lists.rowSize();
    add(sum0, work, to + at(v, vectors, rowSize));
    if (v + 1 <= last) {
      add(sum1, work, to + at(v + 1, vectors, rowSize));
    }
    if (v + 2 <= last) {
      add(sum2, work, to + at(v + 2, vectors, rowSize));
    }
    if (v + 3 <= last) {
      add(sum3, work, to + at(v + 3, vectors, rowSize));
    }
    if (v + 4 <= last) {
      add(sum4, work, to + at(v + 4, vectors, rowSize));
    }
  }

  /** Where a kernel's vector lies in a padded image, from its place on. */
  private static int at(int v, int vectors, int rowSize) {
    return v / vectors * rowSize + v % vectors * LANES;
  }

  private static void add(FloatVector sum, float[] work, int at) {
    FloatVector.fromArray(SPECIES, work, at).add(sum).intoArray(work, at);
  }

  /** Five vectors of a filter's gradient; beyond the last, the last again. */
  private static void sum(
      float[] work,
      PooledLists lists,
      int oc,
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
    int x0 = at(v, vectors, rowSize);
    int x1 = at(v1, vectors, rowSize);
    int x2 = at(v2, vectors, rowSize);
    int x3 = at(v3, vectors, rowSize);
    int x4 = at(v4, vectors, rowSize);
    FloatVector sum0 = FloatVector.fromArray(SPECIES, dRows, filter + v * LANES);
    FloatVector sum1 = FloatVector.fromArray(SPECIES, dRows, filter + v1 * LANES);
    FloatVector sum2 = FloatVector.fromArray(SPECIES, dRows, filter + v2 * LANES);
    FloatVector sum3 = FloatVector.fromArray(SPECIES, dRows, filter + v3 * LANES);
    FloatVector sum4 = FloatVector.fromArray(SPECIES, dRows, filter + v4 * LANES);
    int count = lists.count(oc);
    int places = lists.places(oc);
    int gradients = lists.gradients(oc);
    for (int i = 0; i < count; i++) {
      int place = Float.floatToRawIntBits(work[places + i]);
      FloatVector gradient = FloatVector.broadcast(SPECIES, work[gradients + i]);
      sum0 = FloatVector.fromArray(SPECIES, work, place + x0).fma(gradient, sum0);
      sum1 = FloatVector.fromArray(SPECIES, work, place + x1).fma(gradient, sum1);
      sum2 = FloatVector.fromArray(SPECIES, work, place + x2).fma(gradient, sum2);
      sum3 = FloatVector.fromArray(SPECIES, work, place + x3).fma(gradient, sum3);
      sum4 = FloatVector.fromArray(SPECIES, work, place + x4).fma(gradient, sum4);
    }
    sum0.intoArray(dRows, filter + v * LANES);
    sum1.intoArray(dRows, filter + v1 * LANES);
    sum2.intoArray(dRows, filter + v2 * LANES);
    sum3.intoArray(dRows, filter + v3 * LANES);
    sum4.intoArray(dRows, filter + v4 * LANES);
  }
}
