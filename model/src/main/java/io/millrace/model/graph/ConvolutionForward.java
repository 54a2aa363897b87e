package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.kernel.Winograd;

/** A convolution's weights as its kernels read them, and its forward pass. */
final class ConvolutionForward {
  private static final float[] NONE = {};

  private final Conv2dShape shape;
  private final boolean winograd;
  private final float[] prepared;
  private float[] transposed = NONE;

  /** A convolution whose weights are not there yet. */
  ConvolutionForward(Conv2dShape shape) {
    this.shape = shape;
    winograd = Conv2dPlan.of(shape).forward() == Conv2dPlan.Way.WINOGRAD;
    int elements = winograd ? Winograd.weightElements(shape) : shape.weightElements();
    prepared = new float[elements];
  }

  /** Whether both passes are Winograd's. */
  boolean winograd() {
    return winograd;
  }

  /** What the forward pass is computed from. */
  float[] prepared() {
    return prepared;
  }

  /** Prepares {@link #transposed} from now on, which prediction has no use for. */
  void keepTransposed() {
    transposed = new float[prepared.length];
  }

  /** What the input's gradient is computed from. */
  float[] transposed() {
    return transposed;
  }

  /**
   * Takes weights.
   *
   * @param weight [oc][ic/groups][kh][kw]
   */
  void prepare(Pass pass, float[] weight) {
    if (winograd) {
      pass.kernels().winogradWeights(shape, weight, prepared, transposed);
      return;
    }
    ConvolutionWeights.pack(shape, weight, prepared);
    if (transposed.length > 0) {
      ConvolutionWeights.packTransposed(shape, weight, transposed);
    }
  }

  /** y = x convolved, plus bias, for samples [from, to). */
  void run(Pass pass, float[] x, float[] bias, boolean relu, float[] y, int from, int to) {
    float[] workspace = pass.workspace();
    if (winograd) {
      pass.kernels().winogradForward(shape, x, prepared, bias, relu, y, workspace, from, to);
    } else {
      pass.kernels().conv2dForward(shape, x, prepared, bias, relu, y, workspace, from, to);
    }
  }
}
