package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.PANEL;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.POINTS;
import static io.millrace.model.kernel.Winograd.TILE;

import java.util.Arrays;

/**
 * {@link Winograd} tile by tile and channel by channel, as its formulas stand; one instance per
 * thread. The workspace holds one tile's [V | M or W] and then dU.
 */
final class ScalarWinograd {
  private static final float[] EMPTY = {};
  private static final ThreadLocal<ScalarWinograd> LOCAL =
      ThreadLocal.withInitial(ScalarWinograd::new);

  private final float[] tile = new float[POINTS];
  private Conv2dShape s = new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1);
  private float[] work = EMPTY;
  private int mAt;
  private int duAt;
  private int step;

  private ScalarWinograd() {}

  /** The calling thread's own instance. */
  static ScalarWinograd local() {
    return LOCAL.get();
  }

  private void begin(Conv2dShape shape, float[] workspace) {
    s = shape;
    work = workspace;
    mAt = POINTS * s.ic();
    duAt = mAt + POINTS * s.oc();
    step = Winograd.weightStep(s.ic(), s.oc());
  }

  /** u = G g G' of weight [oc][ic][3][3], and ut its transpose, unless that is empty. */
  void weights(Conv2dShape shape, float[] weight, float[] u, float[] ut) {
    begin(shape, EMPTY);
    float[] g = tile;
    for (int i = 0; i < s.ic(); i++) {
      for (int o = 0; o < s.oc(); o++) {
        for (int tap = 0; tap < 9; tap++) {
          g[tap / 3 * PATCH + tap % 3] = weight[(o * s.ic() + i) * 9 + tap];
        }
        for (int row = 0; row < 3; row++) {
          ScalarTransforms.weight(g, row * PATCH, 1);
        }
        for (int column = 0; column < PATCH; column++) {
          ScalarTransforms.weight(g, column, PATCH);
        }
        for (int p = 0; p < POINTS; p++) {
          u[p * step + panelIndex(s.ic(), i, o)] = g[p];
          if (ut.length > 0) {
            ut[p * step + panelIndex(s.oc(), o, i)] = g[p];
          }
        }
      }
    }
  }

  void forward(
      Conv2dShape shape,
      float[] x,
      float[] u,
      float[] bias,
      float[] y,
      float[] workspace,
      int from,
      int to) {
    begin(shape, workspace);
    for (int n = from; n < to; n++) {
      for (int t = 0; t < Winograd.tiles(s); t++) {
        transformInput(x, n, t);
        product(0, s.ic(), u, mAt, s.oc());
        transformOutput(bias, y, n, t);
      }
    }
    begin(s, EMPTY);
  }

  void backward(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] ut,
      float[] dx,
      float[] dPacked,
      float[] workspace,
      int from,
      int to) {
    begin(shape, workspace);
    Arrays.fill(work, duAt, duAt + Winograd.weightElements(s), 0);
    for (int n = from; n < to; n++) {
      for (int t = 0; t < Winograd.tiles(s); t++) {
        transformInput(x, n, t);
        transformOutputGradient(dy, n, t);
        addWeightGradient();
        if (dx.length > 0) {
          product(mAt, s.oc(), ut, 0, s.ic());
          addInputGradient(dx, n, t);
        }
      }
    }
    addPacked(dPacked);
    begin(s, EMPTY);
  }

  /** V = B' d B; what lies beyond the image is zero. */
  private void transformInput(float[] x, int n, int t) {
    int top = t / Winograd.tilesAcross(s) * TILE - s.ph();
    int left = t % Winograd.tilesAcross(s) * TILE - s.pw();
    for (int c = 0; c < s.ic(); c++) {
      Arrays.fill(tile, 0);
      for (int h = Math.max(0, -top); h < Math.min(PATCH, s.ih() - top); h++) {
        for (int w = Math.max(0, -left); w < Math.min(PATCH, s.iw() - left); w++) {
          tile[h * PATCH + w] = x[((n * s.ih() + top + h) * s.iw() + left + w) * s.ic() + c];
        }
      }
      for (int row = 0; row < PATCH; row++) {
        ScalarTransforms.input(tile, row * PATCH, 1);
      }
      for (int column = 0; column < PATCH; column++) {
        ScalarTransforms.input(tile, column, PATCH);
      }
      store(0, s.ic(), c);
    }
  }

  /** y = A' M A + bias, where it lies on the image. */
  private void transformOutput(float[] bias, float[] y, int n, int t) {
    int top = t / Winograd.tilesAcross(s) * TILE;
    int left = t % Winograd.tilesAcross(s) * TILE;
    for (int c = 0; c < s.oc(); c++) {
      load(mAt, s.oc(), c);
      for (int row = 0; row < PATCH; row++) {
        ScalarTransforms.output(tile, row * PATCH, 1);
      }
      for (int column = 0; column < TILE; column++) {
        ScalarTransforms.output(tile, column, PATCH);
      }
      for (int h = 0; h < Math.min(TILE, s.oh() - top); h++) {
        for (int w = 0; w < Math.min(TILE, s.ow() - left); w++) {
          y[((n * s.oh() + top + h) * s.ow() + left + w) * s.oc() + c] =
              tile[h * PATCH + w] + bias[c];
        }
      }
    }
  }

  /** W = A dy A'; what lies beyond the image is zero. */
  private void transformOutputGradient(float[] dy, int n, int t) {
    int top = t / Winograd.tilesAcross(s) * TILE;
    int left = t % Winograd.tilesAcross(s) * TILE;
    for (int c = 0; c < s.oc(); c++) {
      Arrays.fill(tile, 0);
      for (int h = 0; h < Math.min(TILE, s.oh() - top); h++) {
        for (int w = 0; w < Math.min(TILE, s.ow() - left); w++) {
          tile[h * PATCH + w] = dy[((n * s.oh() + top + h) * s.ow() + left + w) * s.oc() + c];
        }
      }
      for (int row = 0; row < TILE; row++) {
        ScalarTransforms.outputGradient(tile, row * PATCH, 1);
      }
      for (int column = 0; column < PATCH; column++) {
        ScalarTransforms.outputGradient(tile, column, PATCH);
      }
      store(mAt, s.oc(), c);
    }
  }

  /** dx += B dV B', where it lies on the image. */
  private void addInputGradient(float[] dx, int n, int t) {
    int top = t / Winograd.tilesAcross(s) * TILE - s.ph();
    int left = t % Winograd.tilesAcross(s) * TILE - s.pw();
    for (int c = 0; c < s.ic(); c++) {
      load(0, s.ic(), c);
      for (int row = 0; row < PATCH; row++) {
        ScalarTransforms.inputGradient(tile, row * PATCH, 1);
      }
      for (int column = 0; column < PATCH; column++) {
        ScalarTransforms.inputGradient(tile, column, PATCH);
      }
      for (int h = Math.max(0, -top); h < Math.min(PATCH, s.ih() - top); h++) {
        for (int w = Math.max(0, -left); w < Math.min(PATCH, s.iw() - left); w++) {
          dx[((n * s.ih() + top + h) * s.iw() + left + w) * s.ic() + c] += tile[h * PATCH + w];
        }
      }
    }
  }

  /** dU += V * W. */
  private void addWeightGradient() {
    for (int p = 0; p < POINTS; p++) {
      for (int i = 0; i < s.ic(); i++) {
        for (int o = 0; o < s.oc(); o++) {
          int at = duAt + p * step + panelIndex(s.ic(), i, o);
          work[at] = Math.fma(work[p * s.ic() + i], work[mAt + p * s.oc() + o], work[at]);
        }
      }
    }
  }

  /** dPacked [3][3][ic][oc] += G' dU G. */
  private void addPacked(float[] dPacked) {
    int pairs = s.ic() * s.oc();
    float[] g = tile;
    for (int i = 0; i < s.ic(); i++) {
      for (int o = 0; o < s.oc(); o++) {
        for (int p = 0; p < POINTS; p++) {
          g[p] = work[duAt + p * step + panelIndex(s.ic(), i, o)];
        }
        for (int row = 0; row < PATCH; row++) {
          ScalarTransforms.weightGradient(g, row * PATCH, 1);
        }
        for (int column = 0; column < 3; column++) {
          ScalarTransforms.weightGradient(g, column, PATCH);
        }
        for (int tap = 0; tap < 9; tap++) {
          dPacked[tap * pairs + i * s.oc() + o] += g[tap / 3 * PATCH + tap % 3];
        }
      }
    }
  }

  /** result[p][o] = sum over i of a[p][i] * b[p][o/16][i][o%16], from zero on. */
  private void product(int a, int inner, float[] b, int result, int columns) {
    for (int p = 0; p < POINTS; p++) {
      for (int o = 0; o < columns; o++) {
        float sum = 0;
        for (int i = 0; i < inner; i++) {
          int at = p * step + panelIndex(inner, i, o);
          sum = Math.fma(work[a + p * inner + i], b[at], sum);
        }
        work[result + p * columns + o] = sum;
      }
    }
  }

  private static int panelIndex(int rows, int row, int column) {
    return (column / PANEL * rows + row) * PANEL + column % PANEL;
  }

  private void store(int points, int channels, int c) {
    for (int p = 0; p < POINTS; p++) {
      work[points + p * channels + c] = tile[p];
    }
  }

  private void load(int points, int channels, int c) {
    for (int p = 0; p < POINTS; p++) {
      tile[p] = work[points + p * channels + c];
    }
  }
}
