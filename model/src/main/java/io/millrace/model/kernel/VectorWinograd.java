package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.BLOCK;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.TILE;

import java.util.Arrays;

/**
 * {@link Winograd} for blocks of tiles: transform all, multiply point by point, transform back; one
 * instance per thread. The workspace holds [v | m | patch | rows | du].
 */
final class VectorWinograd {
  private static final ThreadLocal<VectorWinograd> LOCAL =
      ThreadLocal.withInitial(VectorWinograd::new);

  /** What a transform of weights holds between rows and columns: 36 points of a vector. */
  private final float[] rows = new float[POINTS * PANEL];

  private int ic;
  private int ih;
  private int iw;
  private int oc;
  private int oh;
  private int ow;
  private int ph;
  private int pw;
  private int tilesAcross;
  private int tiles;

  private int mAt;
  private int patchAt;
  private int rowsAt;
  private int duAt;

  private VectorWinograd() {}

  /** The calling thread's own instance. */
  static VectorWinograd local() {
    return LOCAL.get();
  }

  private void shape(Conv2dShape s) {
    ic = s.ic();
    ih = s.ih();
    iw = s.iw();
    oc = s.oc();
    oh = s.oh();
    ow = s.ow();
    ph = s.ph();
    pw = s.pw();
    tilesAcross = Winograd.tilesAcross(s);
    tiles = Winograd.tiles(s);
    mAt = POINTS * BLOCK * ic;
    patchAt = mAt + POINTS * BLOCK * oc;
    rowsAt = patchAt + POINTS * Math.max(ic, oc);
    duAt = rowsAt + POINTS * Math.max(ic, oc);
  }

  /** u = G g G' of packed [3][3][ic][oc], and ut its transpose, unless that is empty. */
  void weights(Conv2dShape s, float[] packed, float[] u, float[] ut) {
    VectorWinogradWeights.transform(s, packed, u, ut, rows);
  }

  void forward(
      Conv2dShape s,
      float[] x,
      float[] u,
      float[] bias,
      float[] y,
      float[] work,
      int from,
      int to) {
    shape(s);
    for (int first = from * tiles; first < to * tiles; first += BLOCK) {
      int count = Math.min(BLOCK, to * tiles - first);
      for (int t = 0; t < count; t++) {
        transformInput(x, work, first + t, t);
      }
      multiply(work, 0, u, mAt, count, ic, oc);
      for (int t = 0; t < count; t++) {
        transformOutput(work, t, bias, y, first + t);
      }
    }
  }

  void backward(
      Conv2dShape s,
      float[] x,
      float[] dy,
      float[] ut,
      float[] dx,
      float[] dPacked,
      float[] work,
      int from,
      int to) {
    shape(s);
    Arrays.fill(work, duAt, duAt + POINTS * ic * oc, 0);
    for (int first = from * tiles; first < to * tiles; first += BLOCK) {
      int count = Math.min(BLOCK, to * tiles - first);
      for (int t = 0; t < count; t++) {
        transformInput(x, work, first + t, t);
        transformOutputGradient(dy, work, first + t, t);
      }
      for (int p = 0; p < POINTS; p++) {
        VectorTransposedGemm.multiply(
            work,
            p * BLOCK * ic,
            work,
            mAt + p * BLOCK * oc,
            work,
            duAt + p * ic * oc,
            ic,
            count,
            oc);
      }
      if (dx.length > 0) {
        multiply(work, mAt, ut, 0, count, oc, ic);
        for (int t = 0; t < count; t++) {
          addInputGradient(work, t, dx, first + t);
        }
      }
    }
    VectorWinogradWeights.addPacked(ic, oc, work, duAt, rows, dPacked);
  }

  /** result[p][tiles][columns] = a[p][tiles][inner] * b[p][columns/16][inner][16]. */
  private static void multiply(
      float[] work, int a, float[] b, int result, int rows, int inner, int columns) {
    for (int p = 0; p < POINTS; p++) {
      VectorGemm.multiply(
          work,
          a + p * BLOCK * inner,
          b,
          p * inner * columns,
          work,
          result + p * BLOCK * columns,
          rows,
          inner,
          columns);
    }
  }

  private int top(int tile) {
    return tile % tiles / tilesAcross * TILE;
  }

  private int left(int tile) {
    return tile % tiles % tilesAcross * TILE;
  }

  /** V = B' d B; a patch that reaches beyond the image is copied between zeros first. */
  private void transformInput(float[] x, float[] work, int tile, int t) {
    int n = tile / tiles;
    int top = top(tile) - ph;
    int left = left(tile) - pw;
    float[] source = x;
    int at = ((n * ih + top) * iw + left) * ic;
    int down = iw * ic;
    if (top < 0 || left < 0 || top + PATCH > ih || left + PATCH > iw) {
      copyPatch(x, work, n, top, left);
      source = work;
      at = patchAt;
      down = PATCH * ic;
    }
    VectorTransforms.input(source, at, down, ic, work, rowsAt, t * ic, BLOCK * ic);
  }

  private void copyPatch(float[] x, float[] work, int n, int top, int left) {
    Arrays.fill(work, patchAt, patchAt + POINTS * ic, 0);
    int from = Math.max(0, -left);
    int width = Math.min(PATCH, iw - left) - from;
    for (int h = Math.max(0, -top); h < Math.min(PATCH, ih - top) && width > 0; h++) {
      int at = ((n * ih + top + h) * iw + left + from) * ic;
      System.arraycopy(x, at, work, patchAt + (h * PATCH + from) * ic, width * ic);
    }
  }

  /** y = A' M A + bias, where it lies on the image. */
  private void transformOutput(float[] work, int t, float[] bias, float[] y, int tile) {
    int top = top(tile);
    int left = left(tile);
    VectorTransforms.output(work, mAt + t * oc, BLOCK * oc, oc, rowsAt, patchAt);
    int width = Math.min(TILE, ow - left);
    for (int h = 0; h < Math.min(TILE, oh - top); h++) {
      int at = ((tile / tiles * oh + top + h) * ow + left) * oc;
      for (int w = 0; w < width; w++) {
        VectorTransforms.sum(work, patchAt + (h * TILE + w) * oc, bias, 0, y, at + w * oc, oc);
      }
    }
  }

  /** W = A dy A'; a tile that reaches beyond the image is copied between zeros first. */
  private void transformOutputGradient(float[] dy, float[] work, int tile, int t) {
    int n = tile / tiles;
    int top = top(tile);
    int left = left(tile);
    float[] source = dy;
    int at = ((n * oh + top) * ow + left) * oc;
    int down = ow * oc;
    if (top + TILE > oh || left + TILE > ow) {
      Arrays.fill(work, patchAt, patchAt + TILE * TILE * oc, 0);
      for (int h = 0; h < Math.min(TILE, oh - top); h++) {
        int width = Math.min(TILE, ow - left);
        System.arraycopy(dy, at + h * down, work, patchAt + h * TILE * oc, width * oc);
      }
      source = work;
      at = patchAt;
      down = TILE * oc;
    }
    VectorTransforms.outputGradient(source, at, down, oc, work, rowsAt, mAt + t * oc, BLOCK * oc);
  }

  /** dx += B dV B', where it lies on the image. */
  private void addInputGradient(float[] work, int t, float[] dx, int tile) {
    int top = top(tile) - ph;
    int left = left(tile) - pw;
    VectorTransforms.inputGradient(work, t * ic, BLOCK * ic, ic, rowsAt, patchAt);
    int from = Math.max(0, -left);
    int width = Math.min(PATCH, iw - left) - from;
    for (int h = Math.max(0, -top); h < Math.min(PATCH, ih - top) && width > 0; h++) {
      int at = ((tile / tiles * ih + top + h) * iw + left + from) * ic;
      int patch = patchAt + (h * PATCH + from) * ic;
      VectorTransforms.sum(work, patch, dx, at, dx, at, width * ic);
    }
  }
}
