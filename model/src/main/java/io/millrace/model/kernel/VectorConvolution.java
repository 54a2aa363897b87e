package io.millrace.model.kernel;

/**
 * Convolution in blocks of results by vectors of channels; one instance per thread.
 *
 * <p>Forward and backward to the input are one gather: result pixels that meet the same taps form
 * rectangles (the inside, the edges, the corners), and each is cut into blocks of {@link
 * BlockProduct#ROWS} pixels, so that no block has to ask which taps lie on the image.
 */
final class VectorConvolution {
  private static final ThreadLocal<VectorConvolution> LOCAL =
      ThreadLocal.withInitial(VectorConvolution::new);

  private final BlockProduct block = new BlockProduct();
  private final TapAxis height = new TapAxis();
  private final TapAxis width = new TapAxis();

  private VectorConvolution() {}

  /** The calling thread's own instance. */
  static VectorConvolution local() {
    return LOCAL.get();
  }

  /** y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, i of x[n][ih][iw][i] * packed[kh][kw][i][o]. */
  void forward(
      Conv2dShape s, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    int pixels = s.oh() * s.ow();
    for (int pixel = from * pixels; pixel < to * pixels; pixel++) {
      System.arraycopy(bias, 0, y, pixel * s.oc(), s.oc());
    }
    forwardAxes(s);
    block.arrays(x, packed, y);
    gather(s, s.ih(), s.iw(), s.ic(), s.oh(), s.ow(), s.oc(), from, to);
    block.release();
  }

  /** dx[n][ih][iw][i] += sum over kh, kw, o of dy[n][oh][ow][o] * transposed[kh][kw][o][i]. */
  void backwardInput(Conv2dShape s, float[] dy, float[] transposed, float[] dx, int from, int to) {
    block.arrays(dy, transposed, dx);
    for (int h = 0; h < s.sh(); h++) {
      height.backward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh(), h);
      for (int w = 0; w < s.sw(); w++) {
        width.backward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw(), w);
        gather(s, s.oh(), s.ow(), s.oc(), s.ih(), s.iw(), s.ic(), from, to);
      }
    }
    block.release();
  }

  private void forwardAxes(Conv2dShape s) {
    height.forward(s.ih(), s.oh(), s.kh(), s.sh(), s.ph(), s.dh());
    width.forward(s.iw(), s.ow(), s.kw(), s.sw(), s.pw(), s.dw());
  }

  /** result[n][h][w][rc] += sum over the taps of source[n][sh][sw][sc] * weights, per rectangle. */
  private void gather(
      Conv2dShape s, int sh, int sw, int sc, int rh, int rw, int rc, int from, int to) {
    for (int h = 0, hEnd; h < height.count; h = hEnd) {
      hEnd = height.endOfRun(h);
      for (int w = 0, wEnd; w < width.count; w = wEnd) {
        wEnd = width.endOfRun(w);
        for (int g = 0; g < s.groups(); g++) {
          if (setTaps(s, h, w, g, sw, sc, rc)) {
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
      int rows, int columns, int a, int aDown, int aRight, int c, int cDown, int cRight) {
    for (int h = 0; h < rows; h++) {
      for (int w = 0; w < columns; w++) {
        block.row(a + h * aDown + w * aRight, c + h * cDown + w * cRight);
      }
    }
  }

  /** Sets the reduction over the taps that the pixel (h, w) meets; false if there are none. */
  private boolean setTaps(Conv2dShape s, int h, int w, int g, int sw, int sc, int rc) {
    int firstH = height.firstTap(h);
    int firstW = width.firstTap(w);
    int tapsH = height.endTap(h) - firstH;
    int tapsW = width.endTap(w) - firstW;
    if (tapsH == 0 || tapsW == 0) {
      return false;
    }
    int sources = sc / s.groups();
    int results = rc / s.groups();
    int tapSize = sources * results;
    int tapH = height.tapStart + firstH * height.tapStep;
    int tapW = width.tapStart + firstW * width.tapStep;
    block.columns(((g * s.kh() + tapH) * s.kw() + tapW) * tapSize, results);
    block.outerLoop(tapsH, height.tapStride() * sw * sc, height.tapStep * s.kw() * tapSize);
    if (s.groups() == 1 && width.tapStride() == 1 && width.tapStep == 1) {
      // Taps side by side are side by side in memory: one long loop instead of short ones.
      block.middleLoop(1, 0, 0);
      block.innerLoop(tapsW * sources, 1, results);
    } else {
      block.middleLoop(tapsW, width.tapStride() * sc, width.tapStep * tapSize);
      block.innerLoop(sources, 1, results);
    }
    return true;
  }

  /** dPacked[kh][kw][i][o] += sum over n, oh, ow of x[n][ih][iw][i] * dy[n][oh][ow][o]. */
  void backwardWeight(Conv2dShape s, float[] x, float[] dy, float[] dPacked, int from, int to) {
    forwardAxes(s);
    block.arrays(x, dy, dPacked);
    for (int g = 0; g < s.groups(); g++) {
      if (s.groupInputs() < BlockProduct.ROWS) {
        backwardWeightFewInputs(s, g, from, to);
      } else {
        for (int kh = 0; kh < s.kh(); kh++) {
          for (int kw = 0; kw < s.kw(); kw++) {
            backwardWeightTap(s, g, kh, kw, from, to);
          }
        }
      }
    }
    block.release();
  }

  /** One tap: blocks of inputs, each reduced over all pixels at once. */
  private void backwardWeightTap(Conv2dShape s, int g, int kh, int kw, int from, int to) {
    int oh = height.firstResult(kh);
    int ow = width.firstResult(kw);
    int xRow = s.iw() * s.ic();
    int dyRow = s.ow() * s.oc();
    int outputs = s.groupOutputs();
    block.outerLoop(to - from, s.ih() * xRow, s.oh() * dyRow);
    block.middleLoop(height.endResult(kh) - oh, s.sh() * xRow, dyRow);
    block.innerLoop(width.endResult(kw) - ow, s.sw() * s.ic(), s.oc());
    block.columns((from * s.oh() + oh) * dyRow + ow * s.oc() + g * outputs, outputs);
    int a = (from * s.ih() + height.source(oh, kh)) * xRow + width.source(ow, kw) * s.ic();
    int c = ((g * s.kh() + kh) * s.kw() + kw) * s.groupInputs() * outputs;
    for (int i = 0; i < s.groupInputs(); i++) {
      block.row(a + g * s.groupInputs() + i, c + i * outputs);
    }
    block.flush();
  }

  /**
   * With fewer inputs than rows a block spans taps, which do not all meet the same pixels: each
   * stretch of a row of pixels that meets the same taps is reduced on its own, in order.
   */
  private void backwardWeightFewInputs(Conv2dShape s, int g, int from, int to) {
    block.outerLoop(1, 0, 0);
    block.middleLoop(1, 0, 0);
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0, owEnd; ow < s.ow(); ow = owEnd) {
          owEnd = width.endOfRun(ow);
          block.innerLoop(owEnd - ow, s.sw() * s.ic(), s.oc());
          int dyPixel = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
          block.columns(dyPixel + g * s.groupOutputs(), s.groupOutputs());
          addTaps(s, g, n, oh, ow);
          block.flush();
        }
      }
    }
  }

  private void addTaps(Conv2dShape s, int g, int n, int oh, int ow) {
    for (int kh = height.firstTap(oh); kh < height.endTap(oh); kh++) {
      for (int kw = width.firstTap(ow); kw < width.endTap(ow); kw++) {
        int pixel = (n * s.ih() + height.source(oh, kh)) * s.iw() + width.source(ow, kw);
        int a = pixel * s.ic() + g * s.groupInputs();
        int c = ((g * s.kh() + kh) * s.kw() + kw) * s.groupInputs();
        for (int i = 0; i < s.groupInputs(); i++) {
          block.row(a + i, (c + i) * s.groupOutputs());
        }
      }
    }
  }
}
