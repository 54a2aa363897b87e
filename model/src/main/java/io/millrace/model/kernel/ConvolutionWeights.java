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
    for (int oc = 0, w = 0; oc < shape.oc(); oc++) {
      for (int i = 0; i < shape.groupInputs(); i++) {
        for (int kh = 0; kh < shape.kh(); kh++) {
          for (int kw = 0; kw < shape.kw(); kw++, w++) {
            packed[packedIndex(shape, oc, i, kh, kw)] = weight[w];
          }
        }
      }
    }
  }

  /** weight [oc][ic/groups][kh][kw] -> transposed [groups][kh][kw][oc/groups][ic/groups]. */
  public static void packTransposed(Conv2dShape shape, float[] weight, float[] transposed) {
    int inputs = shape.groupInputs();
    int outputs = shape.groupOutputs();
    for (int oc = 0, w = 0; oc < shape.oc(); oc++) {
      int g = oc / outputs;
      int o = oc % outputs;
      for (int i = 0; i < inputs; i++) {
        for (int kh = 0; kh < shape.kh(); kh++) {
          for (int kw = 0; kw < shape.kw(); kw++, w++) {
            int index =
                isDepthwise(shape)
                    ? packedIndex(shape, oc, i, kh, kw)
                    : (((g * shape.kh() + kh) * shape.kw() + kw) * outputs + o) * inputs + i;
            transposed[index] = weight[w];
          }
        }
      }
    }
  }

  /**
   * dWeight [oc][ic/groups][kh][kw] = dPacked [groups][kh][kw][ic/groups][oc/groups] for the inputs
   * [from, to) of each group; with {@code add}, plus dWeight.
   */
  public static void unpack(
      Conv2dShape shape, float[] dPacked, boolean add, float[] dWeight, int from, int to) {
    int taps = shape.kh() * shape.kw();
    int step = packedIndex(shape, 0, 0, 0, 1) - packedIndex(shape, 0, 0, 0, 0);
    for (int oc = 0; oc < shape.oc(); oc++) {
      for (int i = from; i < to; i++) {
        int w = (oc * shape.groupInputs() + i) * taps;
        int p = packedIndex(shape, oc, i, 0, 0);
        for (int tap = 0; tap < taps; tap++) {
          float gradient = dPacked[p + tap * step];
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

  private static int packedIndex(Conv2dShape shape, int oc, int i, int kh, int kw) {
    if (isDepthwise(shape)) {
      return (kh * shape.kw() + kw) * shape.oc() + oc;
    }
    int outputs = shape.groupOutputs();
    int tap = ((oc / outputs) * shape.kh() + kh) * shape.kw() + kw;
    return (tap * shape.groupInputs() + i) * outputs + oc % outputs;
  }
}
