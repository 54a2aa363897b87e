package io.millrace.model.kernel;

/**
 * One axis of a convolution as a gather: result position o meets source position base + o * stride
 * + j * tapStride at its tap j, wherever that lies in [0, extent).
 *
 * <p>Forward, results are outputs and sources inputs. Backward, results are inputs and sources
 * outputs; with a stride only every stride-th input meets the same taps, so the axis covers one
 * phase of the inputs at a time. Mutable and reused, because kernels allocate nothing.
 */
final class TapAxis {
  /** Results: count positions at start, start + step, ... */
  int start;

  int step;
  int count;

  /** Taps: taps of them at kernel positions tapStart, tapStart + tapStep, ... */
  int tapStart;

  int tapStep;
  int taps;

  private int base;
  private int stride;
  private int tapStride;
  private int extent;

  /** out = the window's position, in = out * stride - padding + tap * dilation. */
  void forward(int in, int out, int kernel, int stride, int padding, int dilation) {
    this.start = 0;
    this.step = 1;
    this.count = out;
    this.tapStart = 0;
    this.tapStep = 1;
    this.taps = kernel;
    this.base = -padding;
    this.stride = stride;
    this.tapStride = dilation;
    this.extent = in;
  }

  /**
   * Inputs phase, phase + stride, ...: out = (in + padding - tap * dilation) / stride, at the taps
   * where that divides.
   */
  void backward(int in, int out, int kernel, int stride, int padding, int dilation, int phase) {
    this.start = phase;
    this.step = stride;
    this.count = phase < in ? (in - phase - 1) / stride + 1 : 0;
    this.stride = 1;
    this.extent = out;
    this.taps = 0;
    for (int tap = 0; tap < kernel; tap++) {
      int distance = phase + padding - tap * dilation;
      if (Math.floorMod(distance, stride) == 0) {
        int source = Math.floorDiv(distance, stride);
        if (taps == 0) {
          this.tapStart = tap;
          this.base = source;
        } else if (taps == 1) {
          this.tapStep = tap - tapStart;
          this.tapStride = source - base;
        }
        taps++;
      }
    }
    if (taps < 2) {
      this.tapStep = 1;
      this.tapStride = 1;
    }
  }

  /** The source that result o meets at tap j. */
  int source(int o, int j) {
    return base + o * stride + j * tapStride;
  }

  int stride() {
    return stride;
  }

  int tapStride() {
    return tapStride;
  }

  /** The first tap of result o that lies on the image; 0 if none does. */
  int firstTap(int o) {
    for (int j = 0; j < taps; j++) {
      if (onImage(o, j)) {
        return j;
      }
    }
    return 0;
  }

  /** One past the last tap of result o that lies on the image; 0 if none does. */
  int endTap(int o) {
    for (int j = taps; j > 0; j--) {
      if (onImage(o, j - 1)) {
        return j;
      }
    }
    return 0;
  }

  /** One past the last of the results that, from o on, meet the same taps. */
  int endOfRun(int o) {
    int first = firstTap(o);
    int end = endTap(o);
    int next = o + 1;
    while (next < count && firstTap(next) == first && endTap(next) == end) {
      next++;
    }
    return next;
  }

  /** The first result that tap j leads to the image; 0 if none does. */
  int firstResult(int j) {
    for (int o = 0; o < count; o++) {
      if (onImage(o, j)) {
        return o;
      }
    }
    return 0;
  }

  /** One past the last result that tap j leads to the image; 0 if none does. */
  int endResult(int j) {
    for (int o = count; o > 0; o--) {
      if (onImage(o - 1, j)) {
        return o;
      }
    }
    return 0;
  }

  private boolean onImage(int o, int j) {
    int source = source(o, j);
    return source >= 0 && source < extent;
  }
}
