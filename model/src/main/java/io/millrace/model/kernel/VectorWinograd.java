package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.BLOCK;
import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.STEP;
import static io.millrace.model.kernel.Winograd.TILE;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * {@link Winograd} for blocks of tiles: transform all, multiply point by point, transform back; one
 * instance per thread. The workspace holds [v | m | patch | du].
 */
final class VectorWinograd {
  private static final int LANES = FloatVector.SPECIES_PREFERRED.length();
  private static final ThreadLocal<VectorWinograd> LOCAL =
      ThreadLocal.withInitial(VectorWinograd::new);

  /** The weights of a panel. */
  private final float[] taps = new float[9 * PANEL];

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
    mAt = STEP / PANEL * POINTS * ic;
    patchAt = mAt + STEP / PANEL * POINTS * oc;
    duAt = patchAt + POINTS * Math.max(ic, oc);
  }

  /** u = G g G' of weight [oc][ic][3][3], and ut its transpose, unless that is empty. */
  void weights(Conv2dShape s, float[] weight, float[] u, float[] ut) {
    VectorWinogradWeights.transform(s, weight, u, ut, taps);
  }

  void forward(
      Conv2dShape s,
      float[] x,
      float[] u,
      float[] bias,
      boolean relu,
      float[] y,
      float[] work,
      int from,
      int to) {
    shape(s);
    float limit = relu ? 0 : Float.NaN;
    for (int first = from * tiles; first < to * tiles; first += BLOCK) {
      int count = Math.min(BLOCK, to * tiles - first);
      for (int t = 0; t < count; t++) {
        transformInput(x, work, first + t, t * PANEL);
      }
      VectorGemm.multiply(work, 0, u, mAt, count, ic, oc);
      for (int t = 0; t < count; t++) {
        transformOutput(work, mAt + t * PANEL, bias, limit, y, first + t);
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
    Arrays.fill(work, duAt, duAt + Winograd.weightElements(s), 0);
    for (int first = from * tiles; first < to * tiles; first += BLOCK) {
      int count = Math.min(BLOCK, to * tiles - first);
      for (int t = 0; t < count; t++) {
        transformInput(x, work, first + t, t * PANEL);
        transformOutputGradient(dy, work, first + t, mAt + t * PANEL);
      }
      VectorTransposedGemm.multiply(work, 0, mAt, duAt, count, ic, oc);
      if (dx.length > 0) {
        VectorGemm.multiply(work, mAt, ut, 0, count, oc, ic);
        for (int t = 0; t < count; t++) {
          addInputGradient(work, t * PANEL, dx, first + t);
        }
      }
    }
    VectorWinogradWeightGradient.addPacked(ic, oc, work, duAt, dPacked);
  }

  private int top(int tile) {
    return tile % tiles / tilesAcross * TILE;
  }

  private int left(int tile) {
    return tile % tiles % tilesAcross * TILE;
  }

  /** Where the points of channel c lie, from its tile's first on. */
  private static int points(int c) {
    return c / PANEL * (POINTS * STEP) + c % PANEL;
  }

  /** V = B' d B; a patch that reaches beyond the image is copied between zeros first. */
  private void transformInput(float[] x, float[] work, int tile, int v) {
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
    for (int c = 0; c < ic; c += LANES) {
      VectorInputTransform.transform(source, at + c, ic, down, work, v + points(c));
    }
  }

  /** Copies a patch; what lies beyond the image is zero. */
  private void copyPatch(float[] x, float[] work, int n, int top, int left) {
    int from = Math.min(PATCH, Math.max(0, -left));
    int end = Math.max(from, Math.min(PATCH, iw - left));
    for (int h = 0; h < PATCH; h++) {
      int row = patchAt + h * PATCH * ic;
      if (top + h < 0 || top + h >= ih || from == end) {
        Arrays.fill(work, row, row + PATCH * ic, 0);
        continue;
      }
      Arrays.fill(work, row, row + from * ic, 0);
      int at = ((n * ih + top + h) * iw + left + from) * ic;
      System.arraycopy(x, at, work, row + from * ic, (end - from) * ic);
      Arrays.fill(work, row + end * ic, row + PATCH * ic, 0);
    }
  }

  /** y = A' M A + bias, where it lies on the image. */
  private void transformOutput(
      float[] work, int m, float[] bias, float limit, float[] y, int tile) {
    int top = top(tile);
    int left = left(tile);
    int at = ((tile / tiles * oh + top) * ow + left) * oc;
    int down = ow * oc;
    boolean whole = top + TILE <= oh && left + TILE <= ow;
    float[] target = whole ? y : work;
    int into = whole ? at : patchAt;
    int below = whole ? down : TILE * oc;
    for (int c = 0; c < oc; c += LANES) {
      VectorOutputTransform.transform(
          work, m + points(c), bias, c, limit, target, into + c, oc, below);
    }
    if (!whole) {
      int width = Math.min(TILE, ow - left);
      for (int h = 0; h < Math.min(TILE, oh - top); h++) {
        System.arraycopy(work, patchAt + h * TILE * oc, y, at + h * down, width * oc);
      }
    }
  }

  /** W = A dy A'; a tile that reaches beyond the image is copied between zeros first. */
  private void transformOutputGradient(float[] dy, float[] work, int tile, int w) {
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
    for (int c = 0; c < oc; c += LANES) {
      VectorOutputGradient.transform(source, at + c, oc, down, work, w + points(c));
    }
  }

  /** dx += B dV B', where it lies on the image; what surrounds it goes to a copy of the patch. */
  private void addInputGradient(float[] work, int v, float[] dx, int tile) {
    int n = tile / tiles;
    int top = top(tile) - ph;
    int left = left(tile) - pw;
    int at = ((n * ih + top) * iw + left) * ic;
    int down = iw * ic;
    if (top >= 0 && left >= 0 && top + PATCH <= ih && left + PATCH <= iw) {
      for (int c = 0; c < ic; c += LANES) {
        VectorInputGradient.add(work, v + points(c), dx, at + c, ic, down);
      }
      return;
    }
    int from = Math.max(0, -left);
    int width = (Math.min(PATCH, iw - left) - from) * ic;
    int firstRow = Math.max(0, -top);
    int endRow = width > 0 ? Math.min(PATCH, ih - top) : firstRow;
    int inside = patchAt + from * ic;
    for (int h = firstRow; h < endRow; h++) {
      System.arraycopy(dx, at + from * ic + h * down, work, inside + h * PATCH * ic, width);
    }
    for (int c = 0; c < ic; c += LANES) {
      VectorInputGradient.add(work, v + points(c), work, patchAt + c, ic, PATCH * ic);
    }
    for (int h = firstRow; h < endRow; h++) {
      System.arraycopy(work, inside + h * PATCH * ic, dx, at + from * ic + h * down, width);
    }
  }
}
