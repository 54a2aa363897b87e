package io.millrace.model.kernel;

import java.util.Arrays;

/**
 * One sample as the kernels of {@link PooledConvolution} read it: inputs between zeros, and for
 * each output channel the places and gradients of its windows. One instance per thread; the memory
 * is the workspace's.
 */
final class PooledLists {
  private static final ThreadLocal<PooledLists> LOCAL = ThreadLocal.withInitial(PooledLists::new);

  private static final float[] NONE = {};

  /** Of the reciprocal that divides an element's index by the channels. */
  private static final int SHIFT = 44;

  private float[] work = NONE;
  private Conv2dShape s = new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
  private int windows;
  private int rowSize;
  private int dxAt;
  private int placesAt;
  private int gradientsAt;
  private int countsAt;
  private int offsetsAt;

  private PooledLists() {}

  /** The calling thread's own instance. */
  static PooledLists local() {
    return LOCAL.get();
  }

  /** Lays out the workspace and finds where each pixel's inputs begin. */
  void begin(Conv2dShape shape, int windowsOfSample, float[] workspace) {
    s = shape;
    windows = windowsOfSample;
    work = workspace;
    rowSize = PooledConvolution.paddedRow(s);
    dxAt = PooledConvolution.paddedElements(s);
    placesAt = 2 * dxAt;
    gradientsAt = placesAt + s.oc() * windows;
    countsAt = gradientsAt + s.oc() * windows;
    offsetsAt = countsAt + s.oc();
    int pixel = offsetsAt;
    for (int oh = 0; oh < s.oh(); oh++) {
      for (int ow = 0; ow < s.ow(); ow++, pixel++) {
        work[pixel] = Float.intBitsToFloat(oh * s.sh() * rowSize + ow * s.sw() * s.ic());
      }
    }
    Arrays.fill(work, 0, 2 * dxAt, 0);
  }

  /** Forgets the workspace, which a thread-local must not keep alive. */
  void end() {
    work = NONE;
  }

  float[] work() {
    return work;
  }

  /** From a row of the padded image to the next. */
  int rowSize() {
    return rowSize;
  }

  /** Where the padded dx lies; the padded x lies at 0. */
  int dxAt() {
    return dxAt;
  }

  int count(int oc) {
    return Float.floatToRawIntBits(work[countsAt + oc]);
  }

  /** Where the places of an output channel are listed. */
  int places(int oc) {
    return placesAt + oc * windows;
  }

  /** Where its gradients are. */
  int gradients(int oc) {
    return gradientsAt + oc * windows;
  }

  /** Takes sample n: its inputs, and the windows that have a gradient. */
  void load(float[] x, float[] dy, int[] argmax, int n) {
    int width = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int to = (h + s.ph()) * rowSize + s.pw() * s.ic();
      System.arraycopy(x, (n * s.ih() + h) * width, work, to, width);
    }
    int channels = s.oc();
    Arrays.fill(work, countsAt, countsAt + channels, 0);
    int first = n * s.oh() * s.ow() * channels;
    long reciprocal = (1L << SHIFT) / channels + 1;
    int at = n * windows * channels;
    for (int window = 0; window < windows; window++) {
      for (int oc = 0; oc < channels; oc++, at++) {
        float gradient = dy[at];
        int count = count(oc);
        int pixel = (int) (((argmax[at] - first) * reciprocal) >>> SHIFT);
        // Written in any case, and kept if it counts: no branch that nobody can predict.
        work[places(oc) + count] = work[offsetsAt + pixel];
        work[gradients(oc) + count] = gradient;
        work[countsAt + oc] = Float.intBitsToFloat(count + (gradient != 0 ? 1 : 0));
      }
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
}
