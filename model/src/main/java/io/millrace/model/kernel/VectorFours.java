package io.millrace.model.kernel;

import static io.millrace.model.kernel.FewChannels.CHUNK;
import static io.millrace.model.kernel.FewChannels.STAGE;
import static io.millrace.model.kernel.VectorFoursBlock.LANES;

import java.util.Arrays;

/**
 * Forward pass of a convolution of {@link FewChannels}, alone or with a max pooling of 2 by 2
 * behind it. Lanes run across windows of 2 by 2 pixels, whose four pixels are four vectors. The
 * padded input lies in planes of its even and odd rows and columns, so that what four pixels need
 * at a tap is one vector each, and rows of windows follow each other with the padding between them:
 * a vector runs on from one into the next, and has results that do not exist where it does. Results
 * are staged as vectors and copied to pixels from there. One instance per thread, whose table of
 * taps grows to the largest layer's need.
 */
final class VectorFours {
  private static final ThreadLocal<VectorFours> LOCAL = ThreadLocal.withInitial(VectorFours::new);

  private static final int[] NOWHERE = {};

  /** Whether there are registers for the larger block. */
  private static final boolean LARGE = LANES > 8;

  private Conv2dShape s = new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
  private int pitch;
  private int plane;

  /** [kh][kw][ic][pixel]: where a window's pixel has its tap, from the window's own place. */
  private int[] taps = {};

  private VectorFours() {}

  /** The calling thread's own instance. */
  static VectorFours local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, ic of padded x * packed. */
  void forward(
      Conv2dShape shape,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int from,
      int to) {
    run(shape, false, x, packed, bias, relu ? 0 : Float.NaN, y, NOWHERE, workspace, from, to);
  }

  /** The same, but y is the maximum of each window; see {@link Kernels#maxPoolForward}. */
  void pooledForward(
      Conv2dShape shape,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      int[] argmax,
      float[] workspace,
      int from,
      int to) {
    run(shape, true, x, packed, bias, relu ? 0 : Float.NaN, y, argmax, workspace, from, to);
  }

  /** workspace: [16 times each bias | stage, by windows, channels and pixels | planes]. */
  private void run(
      Conv2dShape shape,
      boolean pool,
      float[] x,
      float[] packed,
      float[] bias,
      float threshold,
      float[] y,
      int[] argmax,
      float[] workspace,
      int from,
      int to) {
    prepare(shape);
    int channels = FewChannels.roundUp(s.oc(), 2);
    int stage = channels * CHUNK;
    int planes = stage + channels * 4 * STAGE;
    for (int c = 0; c < channels; c++) {
      Arrays.fill(workspace, c * CHUNK, (c + 1) * CHUNK, bias[Math.min(c, s.oc() - 1)]);
    }
    Arrays.fill(workspace, planes, planes + FewChannels.planesElements(s), 0);
    int odd = pool ? 0 : 1;
    int windows = ((s.oh() + odd) / 2 - 1) * pitch + (s.ow() + odd) / 2;
    for (int n = from; n < to; n++) {
      split(x, n, workspace, planes);
      for (int first = 0; first < windows; first += STAGE) {
        int count = Math.min(STAGE, windows - first);
        int vectors = (count + LANES - 1) / LANES * channels;
        multiply(packed, workspace, planes + first, stage, count);
        if (pool) {
          VectorFoursBlock.maximum(workspace, stage, vectors, s.oc(), s.ow() * s.oc(), threshold);
          storeMaxima(workspace, stage, n, first, count, y, argmax);
        } else {
          VectorFoursBlock.rectify(workspace, stage, vectors, threshold);
          store(workspace, stage, n, first, count, y);
        }
      }
    }
  }

  /** The four results of {@code count} windows, of all channels. */
  private void multiply(float[] packed, float[] work, int from, int stage, int count) {
    int k = s.kh() * s.kw() * s.ic();
    int oc = s.oc();
    int to = stage;
    for (int i = 0; i < count; i += LANES) {
      int c = 0;
      for (; LARGE && c + 6 <= oc; c += 6) {
        VectorFoursBlock.sixByFour(work, from + i, taps, k, packed, c, oc, c * CHUNK, to);
        to += 6 * 4 * LANES;
      }
      for (; c < oc; c += 2) {
        int next = Math.min(c + 1, oc - 1);
        VectorFoursBlock.twoByFour(work, from + i, taps, k, packed, c, next, oc, c * CHUNK, to);
        to += 2 * 4 * LANES;
      }
    }
  }

  /** y and argmax of the windows [first, first + count). */
  private void storeMaxima(
      float[] work, int stage, int n, int first, int count, float[] y, int[] argmax) {
    int oc = s.oc();
    int height = s.oh() / 2;
    int width = s.ow() / 2;
    int block = FewChannels.roundUp(oc, 2) * 4 * LANES;
    for (int i = 0, run; i < count; i += run) {
      int row = (first + i) / pitch;
      int column = (first + i) % pitch;
      run = Math.min(Math.min(LANES - i % LANES, pitch - column), count - i);
      int some = Math.min(run, width - column);
      if (some > 0) {
        int at = stage + i / LANES * block + i % LANES;
        int to = ((n * height + row) * width + column) * oc;
        VectorFoursBlock.copy(work, at, some, oc, y, to, oc);
        if (argmax.length > 0) {
          int pixel = ((n * s.oh() + 2 * row) * s.ow() + 2 * column) * oc;
          VectorFoursBlock.copyPlaces(work, at + LANES, some, oc, pixel, argmax, to);
        }
      }
    }
  }

  /** y of the windows [first, first + count). */
  private void store(float[] work, int stage, int n, int first, int count, float[] y) {
    int oc = s.oc();
    int block = FewChannels.roundUp(oc, 2) * 4 * LANES;
    for (int i = 0, run; i < count; i += run) {
      int row = (first + i) / pitch;
      int column = (first + i) % pitch;
      run = Math.min(Math.min(LANES - i % LANES, pitch - column), count - i);
      for (int pixel = 0; pixel < 4; pixel++) {
        int oh = 2 * row + pixel / 2;
        int ow = 2 * column + pixel % 2;
        int some = Math.min(run, (s.ow() - ow + 1) / 2);
        if (oh < s.oh() && some > 0) {
          int at = stage + i / LANES * block + i % LANES + pixel * LANES;
          int to = ((n * s.oh() + oh) * s.ow() + ow) * oc;
          VectorFoursBlock.copy(work, at, some, oc, y, to, 2 * oc);
        }
      }
    }
  }

  /** Makes the table of taps, unless the shape is still the same. */
  private void prepare(Conv2dShape shape) {
    if (s.equals(shape)) {
      return;
    }
    s = shape;
    pitch = FewChannels.pitch(s);
    plane = FewChannels.plane(s);
    int count = s.kh() * s.kw() * s.ic() * 4;
    if (taps.length < count) {
      taps = new int[count];
    }
    for (int h = 0, i = 0; h < s.kh(); h++) {
      for (int w = 0; w < s.kw(); w++) {
        for (int c = 0; c < s.ic(); c++) {
          taps[i++] = place(c, h, w);
          taps[i++] = place(c, h, w + 1);
          taps[i++] = place(c, h + 1, w);
          taps[i++] = place(c, h + 1, w + 1);
        }
      }
    }
  }

  /** Where an element of the padded input lies: [ic][h % 2][w % 2][h / 2][w / 2]. */
  private int place(int c, int h, int w) {
    return (4 * c + 2 * (h % 2) + w % 2) * plane + h / 2 * pitch + w / 2;
  }

  /** Sample n as {@link #place} has it, inside the padding. */
  private void split(float[] x, int n, float[] workspace, int planes) {
    int channels = s.ic();
    int width = s.iw();
    for (int h = 0; h < s.ih(); h++) {
      int from = (n * s.ih() + h) * width * channels;
      for (int c = 0; c < channels; c++) {
        int even = planes + place(c, h + s.ph(), s.pw());
        int odd = planes + place(c, h + s.ph(), s.pw() + 1);
        splitRow(x, from + c, channels, width / 2, workspace, even, odd);
        if (width % 2 == 1) {
          workspace[even + width / 2] = x[from + c + (width - 1) * channels];
        }
      }
    }
  }

  private static void splitRow(
      float[] x, int from, int step, int count, float[] workspace, int even, int odd) {
    int at = from;
    for (int i = 0; i < count; i++) {
      workspace[even + i] = x[at];
      workspace[odd + i] = x[at + step];
      at += 2 * step;
    }
  }
}
