package io.millrace.model.kernel;

import java.util.Arrays;

/**
 * One sample as the kernels of {@link PooledConvolution} read it: inputs between zeros; for each
 * output channel the places and gradients of its windows; for one window at a time the filters and
 * gradients of each of its places. One instance per thread; the memory is the workspace's.
 */
final class PooledLists {
  private static final ThreadLocal<PooledLists> LOCAL = ThreadLocal.withInitial(PooledLists::new);

  private static final float[] NONE = {};

  /** Of the reciprocal that divides an element's index by the channels. */
  private static final int SHIFT = 44;

  private float[] work = NONE;
  private Conv2dShape s = new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
  private int channels;
  private int pixels;
  private int windows;
  private int windowPlaces;
  private int filter;
  private int rowSize;
  private int dxAt;
  private int placesAt;
  private int gradientsAt;
  private int countsAt;

  /** Of each pixel: where its inputs begin in the padded image, and which place of its window. */
  private int offsetsAt;

  private int numbersAt;

  /** Of each place of a window: how many filters, which, their gradients; and where it is. */
  private int filterCountsAt;

  private int filtersAt;
  private int filterGradientsAt;
  private int offsetOfPlaceAt;

  private PooledLists() {}

  /** The calling thread's own instance. */
  static PooledLists local() {
    return LOCAL.get();
  }

  /** Lays out the workspace and finds where each pixel's inputs begin. */
  void begin(Conv2dShape shape, Pool2dShape pool, float[] workspace) {
    s = shape;
    work = workspace;
    channels = s.oc();
    pixels = s.oh() * s.ow();
    windows = pool.oh() * pool.ow();
    windowPlaces = pool.kh() * pool.kw();
    filter = s.kh() * PooledConvolution.row(s);
    rowSize = PooledConvolution.paddedRow(s);
    dxAt = PooledConvolution.paddedElements(s);
    placesAt = 2 * dxAt;
    gradientsAt = placesAt + channels * windows;
    countsAt = gradientsAt + channels * windows;
    offsetsAt = countsAt + channels;
    numbersAt = offsetsAt + pixels;
    filterCountsAt = numbersAt + pixels;
    offsetOfPlaceAt = filterCountsAt + windowPlaces;
    filtersAt = offsetOfPlaceAt + windowPlaces;
    filterGradientsAt = filtersAt + channels * windowPlaces;
    for (int oh = 0, pixel = 0; oh < s.oh(); oh++) {
      int row = (oh + pool.ph()) % pool.sh() * pool.kw();
      for (int ow = 0; ow < s.ow(); ow++, pixel++) {
        put(offsetsAt + pixel, oh * s.sh() * rowSize + ow * s.sw() * s.ic());
        put(numbersAt + pixel, row + (ow + pool.pw()) % pool.sw());
      }
    }
    Arrays.fill(work, 0, 2 * dxAt, 0);
  }

  /** Forgets the workspace, which a thread-local must not keep alive. */
  void end() {
    work = NONE;
  }

  /** From a row of the padded image to the next. */
  int rowSize() {
    return rowSize;
  }

  /** Where the padded dx lies; the padded x lies at 0. */
  int dxAt() {
    return dxAt;
  }

  int windows() {
    return windows;
  }

  /** The windows of an output channel that have a gradient. */
  int count(int oc) {
    return get(countsAt + oc);
  }

  /** Where their places are listed, as int bits. */
  int places(int oc) {
    return placesAt + oc * windows;
  }

  /** Where their gradients are. */
  int gradients(int oc) {
    return gradientsAt + oc * windows;
  }

  int windowPlaces() {
    return windowPlaces;
  }

  /** The filters that have this place of the window. */
  int filterCount(int place) {
    return get(filterCountsAt + place);
  }

  /** Where these are listed, as int bits: each filter's first element in rows. */
  int filters(int place) {
    return filtersAt + place * channels;
  }

  /** Where their gradients are. */
  int filterGradients(int place) {
    return filterGradientsAt + place * channels;
  }

  /** Where in the padded image the place is, if a filter has it. */
  int offsetOfPlace(int place) {
    return get(offsetOfPlaceAt + place);
  }

  /** Takes sample n: its inputs, and the windows that have a gradient. */
  void load(float[] x, float[] dy, int[] argmax, int n) {
    int width = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int to = (h + s.ph()) * rowSize + s.pw() * s.ic();
      System.arraycopy(x, (n * s.ih() + h) * width, work, to, width);
    }
    Arrays.fill(work, countsAt, countsAt + channels, 0);
    int first = n * pixels * channels;
    long reciprocal = reciprocal();
    int at = n * windows * channels;
    for (int window = 0; window < windows; window++) {
      for (int oc = 0; oc < channels; oc++, at++) {
        float gradient = dy[at];
        int count = count(oc);
        int pixel = (int) (((argmax[at] - first) * reciprocal) >>> SHIFT);
        // Written in any case, and kept if it counts: no branch that nobody can predict.
        work[places(oc) + count] = work[offsetsAt + pixel];
        work[gradients(oc) + count] = gradient;
        put(countsAt + oc, count + (gradient != 0 ? 1 : 0));
      }
    }
  }

  /** Takes one window of sample n: the filters that have a gradient in it, by their places. */
  void loadWindow(float[] dy, int[] argmax, int n, int window) {
    Arrays.fill(work, filterCountsAt, filterCountsAt + windowPlaces, 0);
    int first = n * pixels * channels;
    long reciprocal = reciprocal();
    int at = (n * windows + window) * channels;
    for (int oc = 0; oc < channels; oc++, at++) {
      float gradient = dy[at];
      int pixel = (int) (((argmax[at] - first) * reciprocal) >>> SHIFT);
      int place = get(numbersAt + pixel);
      int count = filterCount(place);
      work[offsetOfPlaceAt + place] = work[offsetsAt + pixel];
      put(filters(place) + count, oc * filter);
      work[filterGradients(place) + count] = gradient;
      put(filterCountsAt + place, count + (gradient != 0 ? 1 : 0));
    }
  }

  /** dx += the padded dx without its padding, which is zero again afterwards. */
  void addInputGradient(float[] dx, int n) {
    int width = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int from = dxAt + (h + s.ph()) * rowSize + s.pw() * s.ic();
      int to = (n * s.ih() + h) * width;
      for (int i = 0; i < width; i++) {
        dx[to + i] += work[from + i];
      }
    }
    Arrays.fill(work, dxAt, 2 * dxAt, 0);
  }

  private long reciprocal() {
    return (1L << SHIFT) / channels + 1;
  }

  private int get(int at) {
    return Float.floatToRawIntBits(work[at]);
  }

  private void put(int at, int value) {
    work[at] = Float.intBitsToFloat(value);
  }
}
