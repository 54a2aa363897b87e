package io.millrace.model.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Convolution passes of {@link FewChannels}; one instance per thread, whose buffers grow to the
 * largest layer's need and then stay.
 */
final class VectorFewChannels {
  private static final ThreadLocal<VectorFewChannels> LOCAL =
      ThreadLocal.withInitial(VectorFewChannels::new);

  /** Pixels whose taps are laid out at a time: they stay in the first-level cache. */
  private static final int PIXELS = 128;

  private static final int TAPS = FewChannels.TAPS;

  /** From one pixel's taps to the next's, with room for what the last vector copies too much. */
  private static final int STRIDE = TAPS + 16;

  private static final VectorSpecies<Float> SPECIES = BlockProduct.SPECIES;
  private static final int LANES = BlockProduct.LANES;

  /** Two chunks of pixels side by side. */
  private static final int PAIR = 2 * LANES;

  private static final int ROWS = 6;

  private final BlockProduct block = new BlockProduct();
  private final float[] taps = new float[PIXELS * STRIDE];
  private float[] padded = {};
  private int[] offsets = {};
  private float[] weights = {};
  private float[] results = {};

  /** Extents of {@link #padded}: the whole, one row of it. */
  private int planeSize;

  private int rowSize;
  private int reduction;

  private VectorFewChannels() {}

  /** The calling thread's own instance. */
  static VectorFewChannels local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, ic of padded x * packed. */
  void forward(
      Conv2dShape s, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    packRows(packed, s.kh() * s.kw() * s.ic(), s.oc());
    for (int n = from; n < to; n++) {
      pad(x, n * s.ih() * s.iw() * s.ic(), s.ih(), s.iw(), s.ic(), s.ph(), s.pw());
      setOffsets(s.kh(), s.kw(), s.ic(), 0, rowSize, 1);
      int chunks = chunks(s.ow());
      for (int chunk = 0; chunk < s.oh() * chunks; chunk += 2) {
        int next = Math.min(chunk + 1, s.oh() * chunks - 1);
        for (int o = 0; o < s.oc(); o++) {
          Arrays.fill(results, o * PAIR, (o + 1) * PAIR, bias[o]);
        }
        reduce(s.oc(), at(chunk, s.ow()), at(next, s.ow()));
        scatter(y, n * s.oh() * s.ow(), chunk, s.ow(), s.oc(), 0);
        scatter(y, n * s.oh() * s.ow(), next, s.ow(), s.oc(), next == chunk ? 0 : LANES);
      }
    }
  }

  /** dx[n][ih][iw][ic] += sum over kh, kw, oc of padded dy * transposed. */
  void backwardInput(Conv2dShape s, float[] dy, float[] transposed, float[] dx, int from, int to) {
    packRows(transposed, s.kh() * s.kw() * s.oc(), s.ic());
    int ph = s.kh() - 1 - s.ph();
    int pw = s.kw() - 1 - s.pw();
    for (int n = from; n < to; n++) {
      pad(dy, n * s.oh() * s.ow() * s.oc(), s.oh(), s.ow(), s.oc(), ph, pw);
      // Tap 0 meets the last of the rows and columns in reach, and so on backwards.
      int last = (s.kh() - 1) * rowSize + s.kw() - 1;
      setOffsets(s.kh(), s.kw(), s.oc(), last, -rowSize, -1);
      int chunks = chunks(s.iw());
      for (int chunk = 0; chunk < s.ih() * chunks; chunk += 2) {
        int next = Math.min(chunk + 1, s.ih() * chunks - 1);
        gather(dx, n * s.ih() * s.iw(), chunk, s.iw(), s.ic(), 0);
        gather(dx, n * s.ih() * s.iw(), next, s.iw(), s.ic(), LANES);
        reduce(s.ic(), at(chunk, s.iw()), at(next, s.iw()));
        scatter(dx, n * s.ih() * s.iw(), chunk, s.iw(), s.ic(), 0);
        scatter(dx, n * s.ih() * s.iw(), next, s.iw(), s.ic(), next == chunk ? 0 : LANES);
      }
    }
  }

  /** dPacked[kh][kw][ic][oc] += sum over n, oh, ow of padded x * dy, by rows of taps. */
  void backwardWeight(Conv2dShape s, float[] x, float[] dy, float[] dPacked, int from, int to) {
    int count = s.kh() * s.kw() * s.ic();
    results = grown(results, s.oc() * TAPS);
    for (int o = 0; o < s.oc(); o++) {
      for (int tap = 0; tap < count; tap++) {
        results[o * TAPS + tap] = dPacked[tap * s.oc() + o];
      }
    }
    int rowsAtOnce = Math.max(1, PIXELS / s.ow());
    for (int n = from; n < to; n++) {
      padRows(x, n * s.ih() * s.iw() * s.ic(), s);
      for (int oh = 0; oh < s.oh(); oh += rowsAtOnce) {
        for (int ow = 0; ow < s.ow(); ow += PIXELS) {
          addTaps(s, dy, n, oh, Math.min(rowsAtOnce, s.oh() - oh), ow);
        }
      }
    }
    for (int o = 0; o < s.oc(); o++) {
      for (int tap = 0; tap < count; tap++) {
        dPacked[tap * s.oc() + o] = results[o * TAPS + tap];
      }
    }
  }

  /** One stretch of pixels: their taps side by side, then results[oc][taps] += dy * taps. */
  private void addTaps(Conv2dShape s, float[] dy, int n, int oh, int rows, int ow) {
    int width = Math.min(PIXELS, s.ow() - ow);
    int rowTaps = s.kw() * s.ic();
    for (int h = 0; h < rows; h++) {
      // Whole vectors: what is too much is overwritten by the next row of taps, or no tap's.
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int i = 0; i < rowTaps; i += LANES) {
          int at = (oh + h + kh) * rowSize + ow * s.ic() + i;
          copyTaps(at, s.ic(), h * width * STRIDE + kh * rowTaps + i, width);
        }
      }
    }
    block.arrays(dy, taps, results);
    block.outerLoop(1, 0, 0);
    block.middleLoop(1, 0, 0);
    block.innerLoop(rows * width, s.oc(), STRIDE);
    block.columns(0, TAPS);
    int at = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
    for (int o = 0; o < s.oc(); o++) {
      block.row(at + o, o * TAPS);
    }
    block.flush();
    block.release();
  }

  private void copyTaps(int at, int step, int to, int count) {
    float[] source = padded;
    float[] target = taps;
    for (int w = 0; w < count; w++) {
      FloatVector.fromArray(SPECIES, source, at + w * step).intoArray(target, to + w * STRIDE);
    }
  }

  /** weights[row][k] = packed[k][row]; rows that fill up the last block stay what they are. */
  private void packRows(float[] packed, int k, int rows) {
    reduction = k;
    weights = grown(weights, (rows + ROWS - 1) / ROWS * ROWS * k);
    results = grown(results, (rows + ROWS - 1) / ROWS * ROWS * PAIR);
    ConvolutionWeights.transpose(packed, k, rows, weights);
  }

  /** offsets[kh][kw][c]: where a tap lies in the padded planes, from a pixel's own place. */
  private void setOffsets(int kh, int kw, int channels, int first, int down, int right) {
    if (offsets.length < reduction) {
      offsets = new int[reduction];
    }
    for (int h = 0, k = 0; h < kh; h++) {
      for (int w = 0; w < kw; w++) {
        for (int c = 0; c < channels; c++, k++) {
          offsets[k] = first + h * down + w * right + c * planeSize;
        }
      }
    }
  }

  /** Vectors that cover a row of pixels. */
  private static int chunks(int width) {
    return (width + LANES - 1) / LANES;
  }

  /** Where a chunk's first pixel lies in a padded plane. */
  private int at(int chunk, int width) {
    return chunk / chunks(width) * rowSize + chunk % chunks(width) * LANES;
  }

  /** results[r][chunk] += sum over k of weights[r][k] * padded[at + offsets[k]]. */
  private void reduce(int rows, int at0, int at1) {
    for (int r = 0; r < rows; r += ROWS) {
      sixByTwo(weights, r * reduction, offsets, padded, at0, at1, results, r * PAIR, reduction);
    }
  }

  /** padded[c][h][w] = source[h][w][c] between zeros. */
  private void pad(float[] source, int from, int h, int w, int channels, int ph, int pw) {
    rowSize = w + 2 * pw;
    planeSize = (h + 2 * ph) * rowSize;
    padded = grown(padded, channels * planeSize + 2 * TAPS);
    Arrays.fill(padded, 0, channels * planeSize, 0);
    for (int row = 0, at = from; row < h; row++) {
      for (int column = 0; column < w; column++) {
        int to = (row + ph) * rowSize + pw + column;
        for (int c = 0; c < channels; c++, at++) {
          padded[c * planeSize + to] = source[at];
        }
      }
    }
  }

  /** padded[h][w][c] = x[h][w][c] between zeros. */
  private void padRows(float[] x, int from, Conv2dShape s) {
    rowSize = (s.iw() + 2 * s.pw()) * s.ic();
    padded = grown(padded, (s.ih() + 2 * s.ph()) * rowSize + 2 * TAPS);
    Arrays.fill(padded, 0, (s.ih() + 2 * s.ph()) * rowSize, 0);
    int width = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int to = (h + s.ph()) * rowSize + s.pw() * s.ic();
      System.arraycopy(x, from + h * width, padded, to, width);
    }
  }

  /** results[c][from..] = values[w][c] of one chunk. */
  private void gather(float[] values, int image, int chunk, int width, int channels, int to) {
    int first = chunk % chunks(width) * LANES;
    int count = Math.min(LANES, width - first);
    int at = (image + chunk / chunks(width) * width + first) * channels;
    for (int w = 0; w < count; w++) {
      for (int c = 0; c < channels; c++, at++) {
        results[c * PAIR + to + w] = values[at];
      }
    }
  }

  /** values[w][c] of one chunk = results[c][from..]. */
  private void scatter(float[] values, int image, int chunk, int width, int channels, int from) {
    int first = chunk % chunks(width) * LANES;
    int count = Math.min(LANES, width - first);
    int at = (image + chunk / chunks(width) * width + first) * channels;
    for (int w = 0; w < count; w++) {
      for (int c = 0; c < channels; c++, at++) {
        values[at] = results[c * PAIR + from + w];
      }
    }
  }

  /** 6 rows by 2 chunks, from their present values on. */
  private static void sixByTwo(
      float[] a, int a0, int[] offsets, float[] b, int b0, int b1, float[] c, int c0, int k) {
    int a1 = a0 + k;
    int a2 = a1 + k;
    int a3 = a2 + k;
    int a4 = a3 + k;
    int a5 = a4 + k;
    FloatVector x0 = load(c, c0 + 0 * PAIR), y0 = load(c, c0 + 0 * PAIR + LANES);
    FloatVector x1 = load(c, c0 + 1 * PAIR), y1 = load(c, c0 + 1 * PAIR + LANES);
    FloatVector x2 = load(c, c0 + 2 * PAIR), y2 = load(c, c0 + 2 * PAIR + LANES);
    FloatVector x3 = load(c, c0 + 3 * PAIR), y3 = load(c, c0 + 3 * PAIR + LANES);
    FloatVector x4 = load(c, c0 + 4 * PAIR), y4 = load(c, c0 + 4 * PAIR + LANES);
    FloatVector x5 = load(c, c0 + 5 * PAIR), y5 = load(c, c0 + 5 * PAIR + LANES);
    for (int i = 0; i < k; i++) {
      int offset = offsets[i];
      FloatVector bx = load(b, b0 + offset), by = load(b, b1 + offset);
      FloatVector v0 = broadcast(a, a0 + i);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = broadcast(a, a1 + i);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = broadcast(a, a2 + i);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = broadcast(a, a3 + i);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = broadcast(a, a4 + i);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = broadcast(a, a5 + i);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
    }
    x0.intoArray(c, c0 + 0 * PAIR);
    y0.intoArray(c, c0 + 0 * PAIR + LANES);
    x1.intoArray(c, c0 + 1 * PAIR);
    y1.intoArray(c, c0 + 1 * PAIR + LANES);
    x2.intoArray(c, c0 + 2 * PAIR);
    y2.intoArray(c, c0 + 2 * PAIR + LANES);
    x3.intoArray(c, c0 + 3 * PAIR);
    y3.intoArray(c, c0 + 3 * PAIR + LANES);
    x4.intoArray(c, c0 + 4 * PAIR);
    y4.intoArray(c, c0 + 4 * PAIR + LANES);
    x5.intoArray(c, c0 + 5 * PAIR);
    y5.intoArray(c, c0 + 5 * PAIR + LANES);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }

  private static FloatVector broadcast(float[] array, int at) {
    return FloatVector.broadcast(SPECIES, array[at]);
  }

  private static float[] grown(float[] buffer, int elements) {
    return buffer.length < elements ? new float[elements] : buffer;
  }
}
