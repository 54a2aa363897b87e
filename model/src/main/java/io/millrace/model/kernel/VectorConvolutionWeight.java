package io.millrace.model.kernel;

import static io.millrace.model.kernel.WideBlock.ROWS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of a direct convolution's weights as products of matrices: the input values that
 * meet each output pixel are laid out side by side, so many pixels at a time, and then
 *
 * <pre>
 * dPacked[tap][o] += sum over pixels of patches[pixel][tap] * dy[pixel][o]
 * </pre>
 *
 * where a tap is one (kh, kw, i), and zero where it lies on the padding. One instance per thread.
 */
final class VectorConvolutionWeight {
  private static final ThreadLocal<VectorConvolutionWeight> LOCAL =
      ThreadLocal.withInitial(VectorConvolutionWeight::new);

  private static final int WIDE = WideBlock.COLUMNS;
  private static final int NARROW = NarrowBlock.COLUMNS;

  private static final VectorSpecies<Float> SPECIES = WideBlock.SPECIES;
  private static final int LANES = WideBlock.LANES;

  /** Results of a block that is not whole. */
  private final float[] part = new float[ROWS * WIDE];

  private VectorConvolutionWeight() {}

  /** The calling thread's own instance. */
  static VectorConvolutionWeight local() {
    return LOCAL.get();
  }

  /**
   * dPacked[g][kh][kw][i][o] += sum over n, oh, ow of padded x[n][ih][iw][i] * dy[n][oh][ow][o].
   */
  void run(
      Conv2dShape s, float[] x, float[] dy, float[] dPacked, float[] workspace, int from, int to) {
    int taps = Direct.taps(s);
    int pixels = Direct.patchPixels(s);
    int end = to * s.oh() * s.ow();
    boolean asIs = isMatrix(s);
    int columnsFrom = pixels * Direct.patchElements(s);
    for (int g = 0; g < s.groups(); g++) {
      for (int pixel = from * s.oh() * s.ow(); pixel < end; pixel += pixels) {
        int count = Math.min(pixels, end - pixel);
        if (!asIs) {
          layOut(s, x, g, pixel, count, workspace);
        }
        float[] a = asIs ? x : workspace;
        int aFrom = asIs ? pixel * taps : 0;
        int aStep = asIs ? taps : Direct.patchElements(s);
        int dyFrom = pixel * s.oc() + g * s.groupOutputs();
        int c = g * taps * s.groupOutputs();
        multiply(s, a, aFrom, aStep, dy, dyFrom, count, dPacked, c, workspace, columnsFrom);
      }
    }
  }

  /** Whether x itself is the matrix of patches. */
  private static boolean isMatrix(Conv2dShape s) {
    return s.kh() * s.kw() == 1
        && s.sh() * s.sw() == 1
        && s.ph() + s.pw() == 0
        && s.groups() == 1
        && s.ic() >= ROWS;
  }

  private void multiply(
      Conv2dShape s,
      float[] a,
      int aFrom,
      int aStep,
      float[] dy,
      int dyFrom,
      int count,
      float[] dPacked,
      int cFrom,
      float[] workspace,
      int columnsFrom) {
    int outputs = s.groupOutputs();
    for (int column = 0; column < outputs; column += WIDE) {
      int columns = Math.min(WIDE, outputs - column);
      int width = columns <= NARROW ? NARROW : WIDE;
      if (columns == width) {
        multiplyPanel(
            s,
            a,
            aFrom,
            aStep,
            dy,
            dyFrom + column,
            s.oc(),
            count,
            dPacked,
            cFrom + column,
            columns);
      } else {
        for (int i = 0; i < count; i++) {
          int to = columnsFrom + i * width;
          System.arraycopy(dy, dyFrom + column + i * s.oc(), workspace, to, columns);
          Arrays.fill(workspace, to + columns, to + width, 0);
        }
        multiplyPanel(
            s,
            a,
            aFrom,
            aStep,
            workspace,
            columnsFrom,
            width,
            count,
            dPacked,
            cFrom + column,
            columns);
      }
    }
  }

  /** All taps by the columns of one panel. */
  private void multiplyPanel(
      Conv2dShape s,
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      int count,
      float[] c,
      int cFrom,
      int columns) {
    int taps = Direct.taps(s);
    int outputs = s.groupOutputs();
    boolean narrow = columns <= NARROW;
    int width = narrow ? NARROW : WIDE;
    int whole = columns == width ? taps - taps % ROWS : 0;
    for (int tap = 0; tap < whole; tap += ROWS) {
      int at = cFrom + tap * outputs;
      block(narrow, a, aFrom + tap, aStep, b, bFrom, bStep, count, c, at, outputs);
    }
    for (int tap = whole; tap < taps; tap += ROWS) {
      // A block that is not whole works on a copy. The last rows are those of a whole one that
      // ends where they do, because a may end there too.
      int rows = Math.min(ROWS, taps - tap);
      int spare = Math.min(ROWS - rows, tap);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(c, cFrom + (tap + r) * outputs, part, (spare + r) * width, columns);
      }
      int at = aFrom + tap - spare;
      block(narrow, a, at, aStep, b, bFrom, bStep, count, part, 0, width);
      for (int r = 0; r < rows; r++) {
        System.arraycopy(part, (spare + r) * width, c, cFrom + (tap + r) * outputs, columns);
      }
    }
  }

  private static void block(
      boolean narrow,
      float[] a,
      int aFrom,
      int aStep,
      float[] b,
      int bFrom,
      int bStep,
      int count,
      float[] c,
      int cFrom,
      int cStep) {
    if (narrow && NARROW < WIDE) {
      NarrowBlock.outer(a, aFrom, aStep, b, bFrom, bStep, count, c, cFrom, cStep);
    } else {
      WideBlock.outer(a, aFrom, aStep, b, bFrom, bStep, count, c, cFrom, cStep);
    }
  }

  /** patches[pixel][kh][kw][i] = x, or zero on the padding, for one group. */
  private static void layOut(
      Conv2dShape s, float[] x, int g, int firstPixel, int count, float[] patches) {
    int size = Direct.patchElements(s);
    int at = 0;
    for (int pixel = firstPixel, next; pixel < firstPixel + count; pixel = next) {
      int ow = pixel % s.ow();
      next = Math.min(pixel - ow + s.ow(), firstPixel + count);
      int row = pixel / s.ow();
      int n = row / s.oh();
      int ih = row % s.oh() * s.sh() - s.ph();
      for (int kh = 0; kh < s.kh(); kh++, ih += s.dh()) {
        int to = at + kh * s.kw() * s.groupInputs();
        if (ih >= 0 && ih < s.ih()) {
          layOutRow(s, x, (n * s.ih() + ih) * s.iw(), g, ow, ow + next - pixel, patches, to);
        } else {
          fillZeros(patches, to, size, s.kw() * s.groupInputs(), next - pixel);
        }
      }
      at += (next - pixel) * size;
    }
  }

  /** The taps of one row of the kernel at the output columns [from, to). */
  private static void layOutRow(
      Conv2dShape s, float[] x, int xRow, int g, int from, int to, float[] patches, int patch) {
    int size = Direct.patchElements(s);
    int inputs = s.groupInputs();
    int wholeFrom = to;
    int wholeTo = to;
    if (s.groups() == 1 && s.dw() == 1) {
      // Pixels whose taps all lie on the image, side by side.
      wholeFrom = Math.clamp((s.pw() + s.sw() - 1) / s.sw(), from, to);
      wholeTo = Math.clamp(Math.floorDiv(s.iw() + s.pw() - s.kw(), s.sw()) + 1, wholeFrom, to);
    }
    for (int kw = 0; kw < s.kw(); kw++) {
      int iw = kw * s.dw() - s.pw();
      int tap = patch + kw * inputs - from * size;
      for (int ow = from; ow < to; ow++) {
        if (ow == wholeFrom) {
          ow = wholeTo;
          if (ow == to) {
            break;
          }
        }
        layOutTap(s, x, xRow, iw + ow * s.sw(), g * inputs, patches, tap + ow * size);
      }
    }
    int at = (xRow + wholeFrom * s.sw() - s.pw()) * s.ic();
    int whole = patch + (wholeFrom - from) * size;
    copyTaps(x, at, s.sw() * s.ic(), patches, whole, size, s.kw() * s.ic(), wholeTo - wholeFrom);
  }

  private static void layOutTap(
      Conv2dShape s, float[] x, int xRow, int iw, int channel, float[] patches, int to) {
    int at = (xRow + iw) * s.ic() + channel;
    for (int i = 0; i < s.groupInputs(); i++) {
      patches[to + i] = iw >= 0 && iw < s.iw() ? x[at + i] : 0;
    }
  }

  /** In whole vectors: what is too much is overwritten by the next row of taps, or no tap's. */
  private static void copyTaps(
      float[] x, int from, int step, float[] to, int toFrom, int toStep, int length, int count) {
    int vectors = count;
    int reach = from + (length + LANES - 1) / LANES * LANES;
    while (vectors > 0 && reach + (vectors - 1) * step > x.length) {
      vectors--;
      System.arraycopy(x, from + vectors * step, to, toFrom + vectors * toStep, length);
    }
    for (int i = 0; i < length; i += LANES) {
      for (int p = 0; p < vectors; p++) {
        FloatVector.fromArray(SPECIES, x, from + p * step + i)
            .intoArray(to, toFrom + p * toStep + i);
      }
    }
  }

  private static void fillZeros(float[] to, int toFrom, int toStep, int length, int count) {
    for (int i = 0; i < length; i += LANES) {
      for (int p = 0; p < count; p++) {
        FloatVector.zero(SPECIES).intoArray(to, toFrom + p * toStep + i);
      }
    }
  }
}
