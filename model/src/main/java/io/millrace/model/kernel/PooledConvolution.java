package io.millrace.model.kernel;

/**
 * What both twins agree on about the gradients of a convolution whose value only a max pooling
 * takes. The gradient of that value is zero but where a window had its largest element, which is
 * one place in four for windows of 2 by 2; so the sums go over windows instead of over pixels, and
 * leave out those whose gradient is zero because a ReLU cut them off. The terms and their order are
 * these:
 *
 * <pre>
 * dRows[oc][kh][j] += sum over n, windows of x[place][kh][j] * dy[n][window][oc]
 * dx[n][place][kh][j] += sum over windows, and the places in each, of
 *     (sum over the oc that have this place of rows[oc][kh][j] * dy[n][window][oc], from zero)
 * </pre>
 *
 * where [place][kh][j] are the inputs under the kernel's row kh, all its columns and channels side
 * by side: j = kw * ic + i. Lanes run across j. Rows are filled up with zeros to a multiple of
 * {@link #LANES}, and the zeros take part in the sums of dx like weights.
 *
 * <p>A workspace holds [padded x | padded dx | lists]: places (as int bits) and gradients of each
 * output channel, filters (as int bits) and gradients of each place of one window.
 */
public final class PooledConvolution {
  /** A multiple of every vector's lanes. */
  static final int LANES = 16;

  /** Longer rows are better served by kernels with lanes across channels. */
  private static final int LONGEST_ROW = 128;

  private static final int SMALLEST_WINDOW = 4;

  /** Beyond these, {@link PooledLists} could not divide an index by the channels exactly. */
  private static final int MOST_PIXELS = 1 << 18;

  private static final long MOST_TIMES_CHANNELS = 1L << 40;

  private PooledConvolution() {}

  /**
   * Whether this is worth it; a function of the shapes alone, because the choice decides the bits.
   */
  public static boolean suits(Conv2dShape s, Pool2dShape pool) {
    return s.groups() == 1
        && s.dh() == 1
        && s.dw() == 1
        && s.kw() * s.ic() <= LONGEST_ROW
        && pool.kh() * pool.kw() >= SMALLEST_WINDOW
        && pool.kh() <= pool.sh()
        && pool.kw() <= pool.sw()
        && (long) s.oh() * s.ow() <= MOST_PIXELS
        && (long) s.oh() * s.ow() * s.oc() * s.oc() <= MOST_TIMES_CHANNELS
        && !Winograd.suits(s);
  }

  /** Whether the forward passes of both layers are one. */
  public static boolean forwardSuits(Conv2dShape s, Pool2dShape pool) {
    return FewChannels.pooledForward(s, pool);
  }

  /** Floats of a kernel's row, filled up. */
  static int row(Conv2dShape s) {
    return (s.kw() * s.ic() + LANES - 1) / LANES * LANES;
  }

  /** Elements of rows and dRows. */
  public static int rowElements(Conv2dShape s) {
    return s.oc() * s.kh() * row(s);
  }

  /** Floats of workspace for a backward pass. */
  public static int workspace(Conv2dShape s, Pool2dShape pool) {
    int windows = pool.oh() * pool.ow();
    int places = pool.kh() * pool.kw();
    return 2 * paddedElements(s)
        + 2 * s.oc() * windows
        + s.oc()
        + 2 * s.oh() * s.ow()
        + (2 * s.oc() + 2) * places;
  }

  static int paddedRow(Conv2dShape s) {
    return (s.iw() + 2 * s.pw()) * s.ic();
  }

  /** With room for what the last row's vectors reach beyond it. */
  static int paddedElements(Conv2dShape s) {
    return (s.ih() + 2 * s.ph()) * paddedRow(s) + LANES;
  }

  /** weight [oc][ic][kh][kw] -> rows [oc][kh][kw * ic, filled up]. */
  public static void pack(Conv2dShape s, float[] weight, float[] rows) {
    int row = row(s);
    int w = 0;
    for (int oc = 0; oc < s.oc(); oc++) {
      for (int i = 0; i < s.ic(); i++) {
        for (int kh = 0; kh < s.kh(); kh++) {
          for (int kw = 0; kw < s.kw(); kw++, w++) {
            rows[(oc * s.kh() + kh) * row + kw * s.ic() + i] = weight[w];
          }
        }
      }
    }
  }

  /** dWeight = dRows for the outputs [from, to), in the order of {@link #pack}; or added to it. */
  public static void unpack(
      Conv2dShape s, float[] dRows, boolean add, float[] dWeight, int from, int to) {
    int row = row(s);
    int w = from * s.ic() * s.kh() * s.kw();
    for (int oc = from; oc < to; oc++) {
      for (int i = 0; i < s.ic(); i++) {
        for (int kh = 0; kh < s.kh(); kh++) {
          for (int kw = 0; kw < s.kw(); kw++, w++) {
            float gradient = dRows[(oc * s.kh() + kh) * row + kw * s.ic() + i];
            dWeight[w] = add ? dWeight[w] + gradient : gradient;
          }
        }
      }
    }
  }
}
