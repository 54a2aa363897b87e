package io.millrace.model.kernel;

import static io.millrace.model.kernel.FewChannels.BLOCK;
import static io.millrace.model.kernel.FewChannels.CHUNK;
import static io.millrace.model.kernel.FewChannels.roundUp;

import java.util.Arrays;

/**
 * Forward and backward weight of a convolution of {@link FewChannels}, in {@link VectorTapBlocks};
 * one instance per thread, whose table of offsets grows to the largest layer's need.
 */
final class VectorFewChannels {
  private static final ThreadLocal<VectorFewChannels> LOCAL =
      ThreadLocal.withInitial(VectorFewChannels::new);

  private static final int LANES = VectorTapBlocks.LANES;

  /** Whether there are registers for the larger blocks. */
  private static final boolean LARGE = BlockProduct.LANES > 8;

  /** Lanes of a narrow panel of outputs. */
  private static final int NARROW = 8;

  /** Pixels that backward weight reduces at a time: they stay in the first-level cache. */
  private static final int PIXELS = 256;

  private int[] offsets = {};

  private VectorFewChannels() {}

  /** The calling thread's own instance. */
  static VectorFewChannels local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, ic of padded x * packed. */
  void forward(
      Conv2dShape s,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int from,
      int to) {
    int k = s.kh() * s.kw() * s.ic();
    int panel = s.oc() <= NARROW && LANES <= NARROW ? NARROW : CHUNK;
    int biases = roundUp(s.oc(), panel) * k;
    int stage = biases + roundUp(s.oc(), panel);
    int planes = stage + CHUNK * CHUNK;
    packPanels(packed, k, s.oc(), panel, workspace, 0);
    packPanels(bias, 1, s.oc(), panel, workspace, biases);
    Arrays.fill(workspace, planes, planes + FewChannels.paddedElements(s), 0);
    setTapOffsets(s);
    float threshold = relu ? 0 : Float.NaN;
    int height = s.oh();
    int width = s.ow();
    int rows = rows(panel, width);
    for (int n = from; n < to; n++) {
      padPlanes(s, x, n, workspace, planes);
      int end = (n + 1) * height * width * s.oc();
      for (int oh = 0; oh < height; oh++) {
        for (int w = 0; w < width; w += rows) {
          int ow = Math.min(w, width - rows);
          int a = planes + oh * (s.iw() + 2 * s.pw()) + ow;
          int c = ((n * height + oh) * width + ow) * s.oc();
          // Lanes beyond the last output end up in pixels whose turn comes after: the last panel
          // goes first, and by way of a copy where they would leave the image.
          for (int p = roundUp(s.oc(), panel) - panel; p >= 0; p -= panel) {
            if (c + (rows - 1) * s.oc() + p + panel > end) {
              run(
                  panel,
                  rows,
                  workspace,
                  a,
                  k,
                  p * k,
                  biases + p,
                  threshold,
                  workspace,
                  stage,
                  CHUNK);
              for (int r = 0; r < rows; r++) {
                System.arraycopy(workspace, stage + r * CHUNK, y, c + r * s.oc() + p, s.oc() - p);
              }
            } else {
              run(panel, rows, workspace, a, k, p * k, biases + p, threshold, y, c + p, s.oc());
            }
          }
        }
      }
    }
  }

  /** Rows of the block for a panel on an image at least as wide. */
  private static int rows(int panel, int width) {
    if (panel > LANES) {
      return LARGE ? 10 : 5;
    }
    return LARGE && width >= 14 ? 14 : 10;
  }

  private void run(
      int panel,
      int rows,
      float[] a,
      int from,
      int k,
      int b,
      int bias,
      float threshold,
      float[] c,
      int to,
      int step) {
    int[] at = offsets;
    if (rows == 14) {
      VectorTapBlocks.fourteenByOne(
          a, from, at, k, a, b, panel, a, bias, 0, threshold, c, to, step);
      return;
    }
    if (panel == LANES) {
      VectorTapBlocks.tenByOne(a, from, at, k, a, b, panel, a, bias, 0, threshold, c, to, step);
      return;
    }
    for (int i = panel - 2 * LANES; i >= 0; i -= 2 * LANES) {
      if (LARGE) {
        VectorTapBlocks.tenByTwo(
            a, from, at, k, a, b + i, panel, a, bias + i, 0, threshold, c, to + i, step);
      } else {
        VectorTapBlocks.fiveByTwo(
            a, from, at, k, a, b + i, panel, a, bias + i, 0, threshold, c, to + i, step);
      }
    }
  }

  /** workspace[columns/panel][rows][panel] = source[rows][columns], and zeros beyond. */
  private static void packPanels(
      float[] source, int rows, int columns, int panel, float[] workspace, int to) {
    for (int p = 0, at = to; p < columns; p += panel) {
      int count = Math.min(panel, columns - p);
      for (int row = 0; row < rows; row++, at += panel) {
        for (int i = 0; i < count; i++) {
          workspace[at + i] = source[row * columns + p + i];
        }
        for (int i = count; i < panel; i++) {
          workspace[at + i] = 0;
        }
      }
    }
  }

  /** offsets[kh][kw][ic]: where a tap lies in the padded planes, from a pixel's own place. */
  private void setTapOffsets(Conv2dShape s) {
    reserveOffsets(s.kh() * s.kw() * s.ic());
    int row = s.iw() + 2 * s.pw();
    int plane = (s.ih() + 2 * s.ph()) * row;
    for (int h = 0, k = 0; h < s.kh(); h++) {
      for (int w = 0; w < s.kw(); w++) {
        for (int c = 0; c < s.ic(); c++, k++) {
          offsets[k] = c * plane + h * row + w;
        }
      }
    }
  }

  private void reserveOffsets(int count) {
    if (offsets.length < count) {
      offsets = new int[count];
    }
  }

  /** workspace[c][h][w] = x[n][h][w][c], inside the padding. */
  private static void padPlanes(Conv2dShape s, float[] x, int n, float[] workspace, int planes) {
    int channels = s.ic();
    int row = s.iw() + 2 * s.pw();
    int plane = (s.ih() + 2 * s.ph()) * row;
    int from = n * s.ih() * s.iw() * channels;
    for (int h = 0; h < s.ih(); h++) {
      int to = planes + (h + s.ph()) * row + s.pw();
      if (channels == 1) {
        System.arraycopy(x, from, workspace, to, s.iw());
        from += s.iw();
      } else {
        for (int w = 0; w < s.iw(); w++) {
          for (int c = 0; c < channels; c++, from++) {
            workspace[to + w + c * plane] = x[from];
          }
        }
      }
    }
  }

  /** workspace[h][w][c] = x[n][h][w][c], inside the padding. */
  static void padRows(Conv2dShape s, float[] x, int n, float[] workspace, int padded) {
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    int width = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int to = padded + (h + s.ph()) * row + s.pw() * s.ic();
      System.arraycopy(x, (n * s.ih() + h) * width, workspace, to, width);
    }
  }

  /** dPacked[kh][kw][ic][oc] += sum over n, oh, ow of padded x * dy. */
  void backwardWeightByOutputs(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, float[] workspace, int from, int to) {
    int outputs = roundUp(s.oc(), CHUNK);
    int padded = s.kh() * roundUp(s.kw() * s.ic(), BLOCK) * outputs;
    int panels = padded + FewChannels.paddedElements(s) + BLOCK;
    int pixels = s.oh() * s.ow();
    boolean whole = outputs == s.oc();
    Arrays.fill(workspace, 0, whole ? panels : panels + outputs * pixels, 0);
    copyResults(s, dPacked, workspace, true);
    int rows = Math.max(1, PIXELS / s.ow());
    setPixelOffsets(s, Math.min(rows, s.oh()));
    for (int n = from; n < to; n++) {
      padRows(s, x, n, workspace, padded);
      if (!whole) {
        for (int pixel = 0; pixel < pixels; pixel++) {
          int at = (n * pixels + pixel) * s.oc();
          System.arraycopy(dy, at, workspace, panels + pixel * outputs, s.oc());
        }
      }
      for (int oh = 0; oh < s.oh(); oh += rows) {
        int count = Math.min(rows, s.oh() - oh) * s.ow();
        if (whole) {
          addRows(s, workspace, padded, dy, (n * s.oh() + oh) * s.ow() * outputs, oh, count);
        } else {
          addRows(s, workspace, padded, workspace, panels + oh * s.ow() * outputs, oh, count);
        }
      }
    }
    copyResults(s, dPacked, workspace, false);
  }

  /** All results += the taps of some rows of pixels times dy. */
  private void addRows(
      Conv2dShape s, float[] workspace, int padded, float[] dy, int b, int oh, int count) {
    int outputs = roundUp(s.oc(), CHUNK);
    int taps = s.kw() * s.ic();
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    int c = 0;
    for (int p = 0; p < outputs; p += CHUNK) {
      for (int kh = 0; kh < s.kh(); kh++) {
        int a = padded + (oh + kh) * row;
        for (int i = 0; i < taps; i += BLOCK, c += BLOCK * CHUNK) {
          addBlock(workspace, a + i, count, dy, b + p, outputs, c);
        }
      }
    }
  }

  private void addBlock(float[] workspace, int a, int count, float[] dy, int b, int step, int c) {
    int[] at = offsets;
    if (LANES == CHUNK) {
      VectorTapBlocks.tenByOne(
          workspace, a, at, count, dy, b, step, workspace, c, CHUNK, Float.NaN, workspace, c,
          CHUNK);
      return;
    }
    for (int i = 0; i < CHUNK; i += 2 * LANES) {
      if (LARGE) {
        VectorTapBlocks.tenByTwo(
            workspace, a, at, count, dy, b + i, step, workspace, c + i, CHUNK, Float.NaN, workspace,
            c + i, CHUNK);
      } else {
        for (int r = 0; r < BLOCK; r += 5) {
          int to = c + r * CHUNK + i;
          VectorTapBlocks.fiveByTwo(
              workspace, a + r, at, count, dy, b + i, step, workspace, to, CHUNK, Float.NaN,
              workspace, to, CHUNK);
        }
      }
    }
  }

  /** offsets[oh][ow]: where a pixel's first tap lies in the padded image. */
  private void setPixelOffsets(Conv2dShape s, int rows) {
    reserveOffsets(rows * s.ow());
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    for (int h = 0, pixel = 0; h < rows; h++) {
      for (int w = 0; w < s.ow(); w++, pixel++) {
        offsets[pixel] = h * row + w * s.ic();
      }
    }
  }

  /** workspace[oc/16][kh][kw*ic, in whole blocks][16] from or to dPacked[kh][kw*ic][oc]. */
  private static void copyResults(Conv2dShape s, float[] dPacked, float[] workspace, boolean in) {
    int taps = s.kw() * s.ic();
    int block = roundUp(taps, BLOCK) * CHUNK;
    for (int p = 0, at = 0; p < s.oc(); p += CHUNK) {
      int count = Math.min(CHUNK, s.oc() - p);
      for (int kh = 0; kh < s.kh(); kh++, at += block) {
        for (int tap = 0; tap < taps; tap++) {
          int packed = (kh * taps + tap) * s.oc() + p;
          if (in) {
            System.arraycopy(dPacked, packed, workspace, at + tap * CHUNK, count);
          } else {
            System.arraycopy(workspace, at + tap * CHUNK, dPacked, packed, count);
          }
        }
      }
    }
  }
}
