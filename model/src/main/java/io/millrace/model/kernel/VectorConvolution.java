package io.millrace.model.kernel;

import java.util.Arrays;

/**
 * Convolution in blocks of results by vectors of channels; one instance per thread. Its workspace
 * holds the weights in panels.
 *
 * <p>Forward and backward to the input are one gather: result pixels that meet the same taps form
 * rectangles (the inside, the edges, the corners), and each is cut into blocks of pixels, so that
 * no block has to ask which taps lie on the image. With few input channels, a forward pass gathers
 * from a padded copy of the image instead, and all its pixels meet all taps.
 */
final class VectorConvolution {
  private static final ThreadLocal<VectorConvolution> LOCAL =
      ThreadLocal.withInitial(VectorConvolution::new);

  private static final float[] NONE = {};

  private final PixelBlock block = new PixelBlock();
  private final TapAxis height = new TapAxis();
  private final TapAxis width = new TapAxis();

  /** Where the weights' panels begin, and floats from one group's to the next. */
  private float[] panels = NONE;

  private int panelsFrom;
  private int groupElements;

  private VectorConvolution() {}

  /** The calling thread's own instance. */
  static VectorConvolution local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, i of x[n][ih][iw][i] * packed[kh][kw][i][o]. */
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
    int padded = Direct.padsForward(s) ? Direct.paddedElements(s) : 0;
    pack(packed, s.groups(), Direct.taps(s), s.groupOutputs(), workspace, padded);
    if (padded > 0) {
      block.arrays(workspace, bias, y, relu);
      forwardPadded(s, x, workspace, from, to);
    } else {
      height.forward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh());
      width.forward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw());
      block.arrays(x, bias, y, relu);
      gather(s, s.ih(), s.iw(), s.ic(), s.oh(), s.ow(), s.oc(), true, from, to);
    }
    release();
  }

  /** dx[n][ih][iw][i] += sum over kh, kw, o of dy[n][oh][ow][o] * transposed[kh][kw][o][i]. */
  void backwardInput(
      Conv2dShape s,
      float[] dy,
      float[] transposed,
      float[] dx,
      float[] workspace,
      int from,
      int to) {
    int taps = s.kh() * s.kw() * s.groupOutputs();
    pack(transposed, s.groups(), taps, s.groupInputs(), workspace, 0);
    block.arrays(dy, dx, dx, false);
    for (int h = 0; h < s.sh(); h++) {
      height.backward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh(), h);
      for (int w = 0; w < s.sw(); w++) {
        width.backward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw(), w);
        gather(s, s.oh(), s.ow(), s.oc(), s.ih(), s.iw(), s.ic(), false, from, to);
      }
    }
    release();
  }

  /** Lays the weights out in panels, unless they lie in one as they are. */
  private void pack(
      float[] weights, int groups, int rows, int columns, float[] workspace, int from) {
    if (PixelBlock.isPanel(columns)) {
      panels = weights;
      panelsFrom = 0;
      groupElements = rows * columns;
      return;
    }
    panels = workspace;
    panelsFrom = from;
    groupElements = PixelBlock.panelElements(rows, columns);
    for (int g = 0; g < groups; g++) {
      PixelBlock.pack(
          weights, g * rows * columns, rows, columns, workspace, from + g * groupElements);
    }
  }

  private void release() {
    block.release();
    panels = NONE;
  }

  private void forwardPadded(Conv2dShape s, float[] x, float[] padded, int from, int to) {
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    block.weights(panels, panelsFrom, Direct.taps(s), s.oc());
    block.singleSteps();
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int kw = 0; kw < s.kw(); kw++) {
        for (int i = 0; i < s.ic(); i++) {
          block.addRun(kh * s.dh() * row + kw * s.dw() * s.ic() + i, 0);
        }
      }
    }
    for (int n = from; n < to; n++) {
      pad(s, x, n, padded, row);
      for (int oh = 0; oh < s.oh(); oh++) {
        int y = (n * s.oh() + oh) * s.ow() * s.oc();
        block.add(s.ow(), oh * s.sh() * row, s.sw() * s.ic(), 0, 0, y, s.oc());
      }
      block.flush();
    }
  }

  /** padded[h][w][c] = x[h][w][c] of one sample between zeros. */
  static void pad(Conv2dShape s, float[] x, int n, float[] padded, int row) {
    Arrays.fill(padded, 0, Direct.paddedElements(s), 0);
    int values = s.iw() * s.ic();
    for (int h = 0; h < s.ih(); h++) {
      int to = (h + s.ph()) * row + s.pw() * s.ic();
      System.arraycopy(x, (n * s.ih() + h) * values, padded, to, values);
    }
  }

  /**
   * result[n][h][w][rc] = start + sum over the taps of source[n][sh][sw][sc] * weights, per
   * rectangle; start is the result's present value or its channel's bias.
   */
  private void gather(
      Conv2dShape s,
      int sh,
      int sw,
      int sc,
      int rh,
      int rw,
      int rc,
      boolean biased,
      int from,
      int to) {
    for (int h = 0, hEnd; h < height.count; h = hEnd) {
      hEnd = height.endOfRun(h);
      for (int w = 0, wEnd; w < width.count; w = wEnd) {
        wEnd = width.endOfRun(w);
        for (int g = 0; g < s.groups(); g++) {
          if (setTaps(s, h, w, g, sw, sc, rc) || biased) {
            int source = height.source(h, height.firstTap(h)) * sw;
            source = (source + width.source(w, width.firstTap(w))) * sc + g * (sc / s.groups());
            int result = (height.start + h * height.step) * rw + width.start + w * width.step;
            result = result * rc + g * (rc / s.groups());
            for (int n = from; n < to; n++) {
              addRectangle(
                  hEnd - h,
                  wEnd - w,
                  n * sh * sw * sc + source,
                  height.stride() * sw * sc,
                  width.stride() * sc,
                  biased ? g * (rc / s.groups()) : -1,
                  n * rh * rw * rc + result,
                  height.step * rw * rc,
                  width.step * rc);
            }
            block.flush();
          }
        }
      }
    }
  }

  private void addRectangle(
      int rows, int columns, int a, int aDown, int aRight, int bias, int c, int cDown, int cRight) {
    for (int h = 0; h < rows; h++) {
      int start = bias < 0 ? c + h * cDown : bias;
      int startRight = bias < 0 ? cRight : 0;
      block.add(columns, a + h * aDown, aRight, start, startRight, c + h * cDown, cRight);
    }
  }

  /** Sets the reduction over the taps that the pixel (h, w) meets; false if there are none. */
  private boolean setTaps(Conv2dShape s, int h, int w, int g, int sw, int sc, int rc) {
    int firstH = height.firstTap(h);
    int firstW = width.firstTap(w);
    int tapsH = height.endTap(h) - firstH;
    int tapsW = width.endTap(w) - firstW;
    int sources = sc / s.groups();
    block.weights(
        panels, panelsFrom + g * groupElements, s.kh() * s.kw() * sources, rc / s.groups());
    if (tapsH == 0 || tapsW == 0) {
      block.runsOf(0);
      block.addRun(0, 0);
      return false;
    }
    // Taps side by side are side by side in memory: one long run instead of short ones.
    boolean adjoining = s.groups() == 1 && width.tapStride() == 1 && width.tapStep == 1;
    block.runsOf(adjoining ? tapsW * sources : sources);
    for (int i = 0; i < tapsH; i++) {
      for (int j = 0; j < (adjoining ? 1 : tapsW); j++) {
        int tapH = height.tapStart + (firstH + i) * height.tapStep;
        int tapW = width.tapStart + (firstW + j) * width.tapStep;
        block.addRun(
            (i * height.tapStride() * sw + j * width.tapStride()) * sc,
            (tapH * s.kw() + tapW) * sources);
      }
    }
    return true;
  }
}
