package io.millrace.model.kernel;

/**
 * Weights between the layers' order (PyTorch's) and the orders that {@link Kernels} reads, in which
 * the lanes of a vector lie side by side.
 *
 * <p>Letters as in {@link Conv2dShape}; i and o count the input and output channels of one group g.
 * A depthwise convolution (one input and one output channel a group) has both of its packed orders
 * equal to [kh][kw][groups], since its lanes run across groups.
 */
public final class ConvolutionWeights {
  private ConvolutionWeights() {}

  /** weight [oc][ic/groups][kh][kw] -> packed [groups][kh][kw][ic/groups][oc/groups]. */
  public static void pack(Conv2dShape shape, float[] weight, float[] packed) {
    int inputs = shape.groupInputs();
    int outputs = shape.groupOutputs();
    int taps = shape.kh() * shape.kw();
    int step = tapStep(shape);
    for (int oc = 0, w = 0; oc < shape.oc(); oc++) {
      int first = firstTap(shape, oc);
      for (int i = 0; i < inputs; i++) {
        int at = first + i * outputs;
        for (int tap = 0; tap < taps; tap++) {
          packed[at + tap * step] = weight[w + tap];
        }
        w += taps;
      }
    }
  }

  /** weight [oc][ic/groups][kh][kw] -> transposed [groups][kh][kw][oc/groups][ic/groups]. */
  public static void packTransposed(Conv2dShape shape, float[] weight, float[] transposed) {
    if (isDepthwise(shape)) {
      pack(shape, weight, transposed);
      return;
    }
    int inputs = shape.groupInputs();
    int outputs = shape.groupOutputs();
    int taps = shape.kh() * shape.kw();
    int step = tapStep(shape);
    for (int oc = 0, w = 0; oc < shape.oc(); oc++) {
      int first = oc / outputs * taps * step + oc % outputs * inputs;
      for (int i = 0; i < inputs; i++) {
        for (int tap = 0; tap < taps; tap++) {
          transposed[first + i + tap * step] = weight[w + tap];
        }
        w += taps;
      }
    }
  }

  /**
   * dWeight [oc][ic/groups][kh][kw] = dPacked [groups][kh][kw][ic/groups][oc/groups] for the inputs
   * [from, to) of each group; with {@code add}, plus dWeight.
   */
  public static void unpack(
      Conv2dShape shape, float[] dPacked, boolean add, float[] dWeight, int from, int to) {
    int outputs = shape.groupOutputs();
    int taps = shape.kh() * shape.kw();
    int step = tapStep(shape);
    for (int oc = 0; oc < shape.oc(); oc++) {
      int first = firstTap(shape, oc);
      for (int i = from; i < to; i++) {
        int w = (oc * shape.groupInputs() + i) * taps;
        int at = first + i * outputs;
        for (int tap = 0; tap < taps; tap++) {
          float gradient = dPacked[at + tap * step];
          dWeight[w + tap] = add ? dWeight[w + tap] + gradient : gradient;
        }
      }
    }
  }

  /** The blocks of a packed order, in each of which inputs lie one after the other. */
  public static int inputBlocks(Conv2dShape shape) {
    return isDepthwise(shape) ? 1 : shape.groups() * shape.kh() * shape.kw();
  }

  /** Linear weight [out][in] -> packed [in][out]. */
  public static void packLinear(int in, int out, float[] weight, float[] packed) {
    transpose(weight, out, in, packed);
  }

  /** a [rows][columns] -> b [columns][rows]. */
  static void transpose(float[] a, int rows, int columns, float[] b) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        b[column * rows + row] = a[row * columns + column];
      }
    }
  }

  /** Whether each channel has its own filter, with lanes across channels. */
  static boolean isDepthwise(Conv2dShape shape) {
    return shape.groupInputs() == 1 && shape.groupOutputs() == 1;
  }

  /** Where the first tap of an output channel and its first input lies in the packed order. */
  private static int firstTap(Conv2dShape shape, int oc) {
    if (isDepthwise(shape)) {
      return oc;
    }
    int outputs = shape.groupOutputs();
    int taps = shape.kh() * shape.kw();
    return oc / outputs * taps * tapStep(shape) + oc % outputs;
  }

  /** How far apart taps lie in both packed orders. */
  private static int tapStep(Conv2dShape shape) {
    return isDepthwise(shape) ? shape.oc() : shape.groupInputs() * shape.groupOutputs();
  }
}
