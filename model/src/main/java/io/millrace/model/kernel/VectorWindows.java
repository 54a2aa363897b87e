package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;
import static io.millrace.model.kernel.FewChannels.CHUNK;
import static io.millrace.model.kernel.FewChannels.WINDOW;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The input gradient of a convolution of {@link FewChannels}. An output pixel adds to a window of
 * inputs, one row of which is kw*ic floats that lie side by side: lanes run across them. No two
 * rows of a block may meet the same inputs, so a block is a column of output pixels.
 */
final class VectorWindows {
  /** Output pixels of a block. */
  private static final int ROWS = LANES > 8 ? 10 : 5;

  private VectorWindows() {}

  /** dx[n][ih][iw][ic] += sum over kh, kw, oc of dy * transposed. */
  static void backwardInput(
      Conv2dShape s,
      float[] dy,
      float[] transposed,
      float[] dx,
      float[] workspace,
      int from,
      int to) {
    int columns = s.kh() * s.oc() * WINDOW;
    int padded =
        columns + FewChannels.roundUp(s.oc(), CHUNK) * s.oh() * s.ow() + FewChannels.BLOCK * CHUNK;
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    int spare = padded + FewChannels.paddedElements(s) + WINDOW;
    packWindows(s, transposed, workspace);
    Arrays.fill(workspace, columns, spare + WINDOW, 0);
    int width = s.iw() * s.ic();
    int inside = padded + s.ph() * row + s.pw() * s.ic();
    for (int n = from; n < to; n++) {
      copyColumns(s, dy, n, workspace, columns);
      for (int h = 0, at = n * s.ih() * width; h < s.ih(); h++, at += width) {
        System.arraycopy(dx, at, workspace, inside + h * row, width);
      }
      addWindows(s, workspace, columns, padded, spare);
      for (int h = 0, at = n * s.ih() * width; h < s.ih(); h++, at += width) {
        System.arraycopy(workspace, inside + h * row, dx, at, width);
      }
    }
  }

  /** workspace[kh][oc][kw][ic] = transposed[kh][kw][oc][ic], and zeros up to a window. */
  private static void packWindows(Conv2dShape s, float[] transposed, float[] workspace) {
    int oc = s.oc();
    int ic = s.ic();
    int kw = s.kw();
    for (int row = 0, to = 0; row < s.kh() * oc; row++, to += WINDOW) {
      int from = row / oc * kw * oc + row % oc;
      for (int w = 0; w < kw; w++, from += oc) {
        for (int i = 0; i < ic; i++) {
          workspace[to + w * ic + i] = transposed[from * ic + i];
        }
      }
      for (int i = kw * ic; i < WINDOW; i++) {
        workspace[to + i] = 0;
      }
    }
  }

  /** workspace[chunk][ow][oh][16] = dy[n][oh][ow][chunk], 16 channels each. */
  private static void copyColumns(Conv2dShape s, float[] dy, int n, float[] workspace, int to) {
    int oc = s.oc();
    int height = s.oh();
    int width = s.ow();
    for (int chunk = 0; chunk < oc; chunk += CHUNK) {
      int count = Math.min(CHUNK, oc - chunk);
      int from = n * height * width * oc + chunk;
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++, from += oc) {
          int at = to + ((chunk / CHUNK * width + w) * height + h) * CHUNK;
          if (count == CHUNK) {
            for (int i = 0; i < CHUNK; i += LANES) {
              load(dy, from + i).intoArray(workspace, at + i);
            }
          } else {
            System.arraycopy(dy, from, workspace, at, count);
          }
        }
      }
    }
  }

  /** A pixel's inputs meet kw from 0 on as ow goes down. */
  private static void addWindows(
      Conv2dShape s, float[] workspace, int columns, int padded, int spare) {
    int oc = s.oc();
    int height = s.oh();
    int width = s.ow();
    int taps = s.kw() * s.ic();
    int row = (s.iw() + 2 * s.pw()) * s.ic();
    for (int kh = 0; kh < s.kh(); kh++) {
      for (int ow = width - 1; ow >= 0; ow--) {
        for (int chunk = 0; chunk < oc; chunk += CHUNK) {
          int k = Math.min(CHUNK, oc - chunk);
          int a = columns + (chunk / CHUNK * width + ow) * height * CHUNK;
          int b = (kh * oc + chunk) * WINDOW;
          int c = padded + kh * row + ow * s.ic();
          for (int oh = 0; oh < height; oh += ROWS) {
            for (int i = 0; i < taps; i += 2 * LANES) {
              block(
                  workspace,
                  a + oh * CHUNK,
                  k,
                  b + i,
                  c + oh * row + i,
                  row,
                  height - oh,
                  spare,
                  taps - i);
            }
          }
        }
      }
    }
  }

  private static void block(
      float[] a, int from, int k, int b0, int c0, int cStep, int rows, int spare, int count) {
    if (ROWS == 10) {
      tenByTwo(a, from, k, b0, c0, cStep, rows, spare, count);
    } else {
      fiveByTwo(a, from, k, b0, c0, cStep, rows, spare, count);
    }
  }

  /**
   * 10 pixels by 2 vectors, of whose lanes {@code count} are kept, at least all of the first
   * vector: for 32 registers of 16 lanes.
   */
  private static void tenByTwo(
      float[] a, int from, int k, int b0, int c0, int cStep, int rows, int spare, int count) {
    int c1 = 1 < rows ? c0 + 1 * cStep : spare;
    int c2 = 2 < rows ? c0 + 2 * cStep : spare;
    int c3 = 3 < rows ? c0 + 3 * cStep : spare;
    int c4 = 4 < rows ? c0 + 4 * cStep : spare;
    int c5 = 5 < rows ? c0 + 5 * cStep : spare;
    int c6 = 6 < rows ? c0 + 6 * cStep : spare;
    int c7 = 7 < rows ? c0 + 7 * cStep : spare;
    int c8 = 8 < rows ? c0 + 8 * cStep : spare;
    int c9 = 9 < rows ? c0 + 9 * cStep : spare;
    FloatVector x0 = FloatVector.fromArray(SPECIES, a, c0),
        y0 = FloatVector.fromArray(SPECIES, a, c0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, a, c1),
        y1 = FloatVector.fromArray(SPECIES, a, c1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, a, c2),
        y2 = FloatVector.fromArray(SPECIES, a, c2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, a, c3),
        y3 = FloatVector.fromArray(SPECIES, a, c3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, a, c4),
        y4 = FloatVector.fromArray(SPECIES, a, c4 + LANES);
    FloatVector x5 = FloatVector.fromArray(SPECIES, a, c5),
        y5 = FloatVector.fromArray(SPECIES, a, c5 + LANES);
    FloatVector x6 = FloatVector.fromArray(SPECIES, a, c6),
        y6 = FloatVector.fromArray(SPECIES, a, c6 + LANES);
    FloatVector x7 = FloatVector.fromArray(SPECIES, a, c7),
        y7 = FloatVector.fromArray(SPECIES, a, c7 + LANES);
    FloatVector x8 = FloatVector.fromArray(SPECIES, a, c8),
        y8 = FloatVector.fromArray(SPECIES, a, c8 + LANES);
    FloatVector x9 = FloatVector.fromArray(SPECIES, a, c9),
        y9 = FloatVector.fromArray(SPECIES, a, c9 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, a, b0 + i * WINDOW),
          by = FloatVector.fromArray(SPECIES, a, b0 + i * WINDOW + LANES);
      int at = from + i;
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0 * CHUNK]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1 * CHUNK]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2 * CHUNK]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3 * CHUNK]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4 * CHUNK]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
      FloatVector v5 = FloatVector.broadcast(SPECIES, a[at + 5 * CHUNK]);
      x5 = v5.fma(bx, x5);
      y5 = v5.fma(by, y5);
      FloatVector v6 = FloatVector.broadcast(SPECIES, a[at + 6 * CHUNK]);
      x6 = v6.fma(bx, x6);
      y6 = v6.fma(by, y6);
      FloatVector v7 = FloatVector.broadcast(SPECIES, a[at + 7 * CHUNK]);
      x7 = v7.fma(bx, x7);
      y7 = v7.fma(by, y7);
      FloatVector v8 = FloatVector.broadcast(SPECIES, a[at + 8 * CHUNK]);
      x8 = v8.fma(bx, x8);
      y8 = v8.fma(by, y8);
      FloatVector v9 = FloatVector.broadcast(SPECIES, a[at + 9 * CHUNK]);
      x9 = v9.fma(bx, x9);
      y9 = v9.fma(by, y9);
    }
    VectorMask<Float> my = SPECIES.indexInRange(LANES, count);
    x0.intoArray(a, c0);
    FloatVector.fromArray(SPECIES, a, c0 + LANES).blend(y0, my).intoArray(a, c0 + LANES);
    x1.intoArray(a, c1);
    FloatVector.fromArray(SPECIES, a, c1 + LANES).blend(y1, my).intoArray(a, c1 + LANES);
    x2.intoArray(a, c2);
    FloatVector.fromArray(SPECIES, a, c2 + LANES).blend(y2, my).intoArray(a, c2 + LANES);
    x3.intoArray(a, c3);
    FloatVector.fromArray(SPECIES, a, c3 + LANES).blend(y3, my).intoArray(a, c3 + LANES);
    x4.intoArray(a, c4);
    FloatVector.fromArray(SPECIES, a, c4 + LANES).blend(y4, my).intoArray(a, c4 + LANES);
    x5.intoArray(a, c5);
    FloatVector.fromArray(SPECIES, a, c5 + LANES).blend(y5, my).intoArray(a, c5 + LANES);
    x6.intoArray(a, c6);
    FloatVector.fromArray(SPECIES, a, c6 + LANES).blend(y6, my).intoArray(a, c6 + LANES);
    x7.intoArray(a, c7);
    FloatVector.fromArray(SPECIES, a, c7 + LANES).blend(y7, my).intoArray(a, c7 + LANES);
    x8.intoArray(a, c8);
    FloatVector.fromArray(SPECIES, a, c8 + LANES).blend(y8, my).intoArray(a, c8 + LANES);
    x9.intoArray(a, c9);
    FloatVector.fromArray(SPECIES, a, c9 + LANES).blend(y9, my).intoArray(a, c9 + LANES);
  }

  /** 5 pixels by 2 vectors, of whose lanes {@code count} are kept. */
  private static void fiveByTwo(
      float[] a, int from, int k, int b0, int c0, int cStep, int rows, int spare, int count) {
    int c1 = 1 < rows ? c0 + 1 * cStep : spare;
    int c2 = 2 < rows ? c0 + 2 * cStep : spare;
    int c3 = 3 < rows ? c0 + 3 * cStep : spare;
    int c4 = 4 < rows ? c0 + 4 * cStep : spare;
    FloatVector x0 = FloatVector.fromArray(SPECIES, a, c0),
        y0 = FloatVector.fromArray(SPECIES, a, c0 + LANES);
    FloatVector x1 = FloatVector.fromArray(SPECIES, a, c1),
        y1 = FloatVector.fromArray(SPECIES, a, c1 + LANES);
    FloatVector x2 = FloatVector.fromArray(SPECIES, a, c2),
        y2 = FloatVector.fromArray(SPECIES, a, c2 + LANES);
    FloatVector x3 = FloatVector.fromArray(SPECIES, a, c3),
        y3 = FloatVector.fromArray(SPECIES, a, c3 + LANES);
    FloatVector x4 = FloatVector.fromArray(SPECIES, a, c4),
        y4 = FloatVector.fromArray(SPECIES, a, c4 + LANES);
    for (int i = 0; i < k; i++) {
      FloatVector bx = FloatVector.fromArray(SPECIES, a, b0 + i * WINDOW),
          by = FloatVector.fromArray(SPECIES, a, b0 + i * WINDOW + LANES);
      int at = from + i;
      FloatVector v0 = FloatVector.broadcast(SPECIES, a[at + 0 * CHUNK]);
      x0 = v0.fma(bx, x0);
      y0 = v0.fma(by, y0);
      FloatVector v1 = FloatVector.broadcast(SPECIES, a[at + 1 * CHUNK]);
      x1 = v1.fma(bx, x1);
      y1 = v1.fma(by, y1);
      FloatVector v2 = FloatVector.broadcast(SPECIES, a[at + 2 * CHUNK]);
      x2 = v2.fma(bx, x2);
      y2 = v2.fma(by, y2);
      FloatVector v3 = FloatVector.broadcast(SPECIES, a[at + 3 * CHUNK]);
      x3 = v3.fma(bx, x3);
      y3 = v3.fma(by, y3);
      FloatVector v4 = FloatVector.broadcast(SPECIES, a[at + 4 * CHUNK]);
      x4 = v4.fma(bx, x4);
      y4 = v4.fma(by, y4);
    }
    VectorMask<Float> mx = SPECIES.indexInRange(0, count);
    VectorMask<Float> my = SPECIES.indexInRange(LANES, count);
    FloatVector.fromArray(SPECIES, a, c0).blend(x0, mx).intoArray(a, c0);
    FloatVector.fromArray(SPECIES, a, c0 + LANES).blend(y0, my).intoArray(a, c0 + LANES);
    FloatVector.fromArray(SPECIES, a, c1).blend(x1, mx).intoArray(a, c1);
    FloatVector.fromArray(SPECIES, a, c1 + LANES).blend(y1, my).intoArray(a, c1 + LANES);
    FloatVector.fromArray(SPECIES, a, c2).blend(x2, mx).intoArray(a, c2);
    FloatVector.fromArray(SPECIES, a, c2 + LANES).blend(y2, my).intoArray(a, c2 + LANES);
    FloatVector.fromArray(SPECIES, a, c3).blend(x3, mx).intoArray(a, c3);
    FloatVector.fromArray(SPECIES, a, c3 + LANES).blend(y3, my).intoArray(a, c3 + LANES);
    FloatVector.fromArray(SPECIES, a, c4).blend(x4, mx).intoArray(a, c4);
    FloatVector.fromArray(SPECIES, a, c4 + LANES).blend(y4, my).intoArray(a, c4 + LANES);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
