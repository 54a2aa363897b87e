package io.millrace.model.kernel;

/**
 * What both twins of the Winograd convolution F(4x4, 3x3) agree on: constants, orders of memory,
 * sizes. A tile of 4x4 outputs costs 36 multiplications a pair of channels, where the definition
 * takes 144 (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks").
 *
 * <p>With a weight g [3][3], a patch d [6][6] of the input and a tile y [4][4] of the output, per
 * channel, and products element by element at 36 points:
 *
 * <pre>
 * U = G g G'     V = B' d B     M = sum over ic of U * V     y = A' M A + bias
 * W = A dy A'    dU = sum over tiles of V * W    dg = G' dU G    dV = sum over oc of U * W    dd = B dV B'
 * </pre>
 *
 * The gradients are those of the transformed computation itself. The interpolation points are 0,
 * +-sqrt(1/2), +-sqrt(2) and infinity, whose rounding errors are two to three times the direct
 * convolution's; the more usual 0, +-1, +-2 have five times. A one-dimensional transform is applied
 * to the rows first and then to the columns, each in the order of operations that the scalar twin
 * spells out. Lanes run across channels.
 *
 * <p>Orders: u and dU [36][oc/16][ic][16], its transpose ut [36][ic/16][oc][16], all three with a
 * row of 16 to spare after each point. The vector twin has V and dV as [ic/16][36][36][16], whose
 * third axis holds up to 32 tiles; M and W the same of oc. Tiles are counted in the order of n, oh,
 * ow.
 */
public final class Winograd {
  /** Outputs of a tile along one axis. */
  static final int TILE = 4;

  /** Inputs of a tile along one axis, and points of the transform. */
  static final int PATCH = 6;

  static final int POINTS = PATCH * PATCH;

  /** Columns that lie side by side in u: a multiple of every vector's lanes. */
  static final int PANEL = 16;

  /**
   * Tiles transformed at a time: so few that they stay in the second-level cache, and so many that
   * the sums over tiles are seldom put down. Bits do not depend on it.
   */
  static final int BLOCK = 32;

  /** Rows of a panel: a few more than tiles, or too many points would share a set of the cache. */
  private static final int ROWS = 36;

  /** Floats between a vector's points in V, M, W and dV: a tile's next panel is 36 steps on. */
  static final int STEP = ROWS * PANEL;

  /** sqrt(2) and the two constants that the points' powers bring. */
  static final float ROOT2 = (float) Math.sqrt(2);

  static final float HALF_ROOT2 = ROOT2 / 2;
  static final float QUARTER_ROOT2 = ROOT2 / 4;
  static final float TWICE_ROOT2 = ROOT2 * 2;

  private static final int SMALLEST_EXTENT = 4;

  private Winograd() {}

  /**
   * Whether the shape is one for which this is both possible and faster than the direct kernel; a
   * function of the shape alone, because the choice decides the bits.
   */
  public static boolean suits(Conv2dShape s) {
    return s.kh() == 3
        && s.kw() == 3
        && s.sh() == 1
        && s.sw() == 1
        && s.dh() == 1
        && s.dw() == 1
        && s.groups() == 1
        && s.ic() % PANEL == 0
        && s.oc() % PANEL == 0
        && s.oh() >= SMALLEST_EXTENT
        && s.ow() >= SMALLEST_EXTENT;
  }

  /** Elements of u and of ut. */
  public static int weightElements(Conv2dShape s) {
    return POINTS * weightStep(s.ic(), s.oc());
  }

  /**
   * Floats between the points of u, ut and dU: a panel's row more than there are, because at a
   * distance of a power of two all points would share one set of the cache.
   */
  static int weightStep(int ic, int oc) {
    return ic * oc + PANEL;
  }

  /** Floats of workspace for a forward pass of any number of samples. */
  public static int forwardWorkspace(Conv2dShape s) {
    return POINTS * (ROWS * (s.ic() + s.oc()) + Math.max(s.ic(), s.oc()));
  }

  /** Floats of workspace for a backward pass. */
  public static int backwardWorkspace(Conv2dShape s) {
    return forwardWorkspace(s) + weightElements(s);
  }

  static int tilesDown(Conv2dShape s) {
    return (s.oh() + TILE - 1) / TILE;
  }

  static int tilesAcross(Conv2dShape s) {
    return (s.ow() + TILE - 1) / TILE;
  }

  static int tiles(Conv2dShape s) {
    return tilesDown(s) * tilesAcross(s);
  }

  /** Each factor as often as a panel has columns. */
  static float[] panels(float... factors) {
    float[] panels = new float[factors.length * PANEL];
    for (int i = 0; i < panels.length; i++) {
      panels[i] = factors[i / PANEL];
    }
    return panels;
  }
}
