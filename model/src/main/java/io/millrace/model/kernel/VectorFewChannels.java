package io.millrace.model.kernel;

import static io.millrace.model.kernel.FewChannels.BLOCK;
import static io.millrace.model.kernel.FewChannels.CHUNK;
import static io.millrace.model.kernel.FewChannels.roundUp;

import java.util.Arrays;

/**
 * Backward weight of a convolution of {@link FewChannels} with lanes across outputs, in {@link
 * VectorTapBlocks}; one instance per thread, whose table of offsets grows to the largest layer's
 * need.
 */
final class VectorFewChannels {
  private static final ThreadLocal<VectorFewChannels> LOCAL =
      ThreadLocal.withInitial(VectorFewChannels::new);

  private static final int LANES = VectorTapBlocks.LANES;

  /** Pixels that backward weight reduces at a time: they stay in the first-level cache. */
  private static final int PIXELS = 256;

  private int[] offsets = {};

  private VectorFewChannels() {}

  /** The calling thread's own instance. */
  static VectorFewChannels local() {
    return LOCAL.get();
  }

  private void reserveOffsets(int count) {
    if (offsets.length < count) {
      offsets = new int[count];
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
      VectorTapBlocks.tenByOne(workspace, a, at, count, dy, b, step, workspace, c, CHUNK);
      return;
    }
    for (int i = 0; i < CHUNK; i += 2 * LANES) {
      for (int r = 0; r < BLOCK; r += 5) {
        int to = c + r * CHUNK + i;
        VectorTapBlocks.fiveByTwo(
            workspace, a + r, at, count, dy, b + i, step, workspace, to, CHUNK);
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
