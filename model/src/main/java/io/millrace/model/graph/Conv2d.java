package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Winograd;
import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional cross-correlation; letters as in {@link Conv2dShape}. y[n][oh][ow][oc] = bias[oc]
 * + sum over kh, kw, ic of x[n][oh*sh + kh*dh - ph][ow*sw + kw*dw - pw][ic] *
 * weight[oc][ic][kh][kw].
 */
public final class Conv2d extends Operation {
  private final Conv2dShape shape;
  private final Node x;
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final boolean winograd;
  private final float[] packed;
  private final float[][] biasPartials;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private final Pass.RangeTask addShards = this::addShards;
  private float[] transposed = EMPTY;
  private float[] u = EMPTY;

  /**
   * @param x [ic, ih, iw]
   * @param weight [oc, ic/groups, kh, kw]
   * @param bias [oc], or null for none
   */
  public Conv2d(
      String name, Node x, Parameter weight, @Nullable Parameter bias, Conv2dShape shape) {
    super(
        name,
        Shape.of(shape.oc(), shape.oh(), shape.ow()),
        bias == null ? List.of(x, weight) : List.of(x, weight, bias));
    requireShape(name, "input", x.shape(), shape.ic(), shape.ih(), shape.iw());
    requireShape(
        name, "weight", weight.shape(), shape.oc(), shape.groupInputs(), shape.kh(), shape.kw());
    if (bias != null) {
      requireShape(name, "bias", bias.shape(), shape.oc());
    }
    this.shape = shape;
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    winograd = Conv2dPlan.of(shape).forward() == Conv2dPlan.Way.WINOGRAD;
    packed = winograd ? EMPTY : new float[shape.weightElements()];
    biasPartials = new float[Workers.SHARDS][shape.oc()];
  }

  @Override
  void allocate(Pass pass) {
    super.allocate(pass);
    int elements = winograd ? Winograd.weightElements(shape) : shape.weightElements();
    if (winograd) {
      u = new float[elements];
    }
    if (pass.training() && x.needsGradient()) {
      transposed = new float[elements];
    }
  }

  @Override
  int scratchElements() {
    return shape.weightElements();
  }

  @Override
  int workspaceElements(boolean training) {
    return Conv2dPlan.workspace(shape, training);
  }

  @Override
  void prepare(Pass pass) {
    if (winograd) {
      pass.kernels().winogradWeights(shape, weight.value(), u, transposed);
      return;
    }
    ConvolutionWeights.pack(shape, weight.value(), packed);
    if (pass.training() && x.needsGradient()) {
      ConvolutionWeights.packTransposed(shape, weight.value(), transposed);
    }
  }

  @Override
  void forward(Pass pass) {
    pass.overSamples(forwardSamples);
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    // Without a bias its partial sums stay zero, and zeros are what the kernel starts from.
    float[] start = bias == null ? biasPartials[0] : bias.value();
    if (winograd) {
      pass.kernels()
          .winogradForward(shape, x.value(), u, start, false, value(), pass.workspace(), from, to);
    } else {
      pass.kernels()
          .conv2dForward(
              shape, x.value(), packed, start, false, value(), pass.workspace(), from, to);
    }
  }

  /**
   * dx[..][ic] += dy[..][oc] * weight; dweight += x * dy; dbias[oc] += dy[..][oc]. The last two are
   * summed for each shard, and the shards' sums are added in shard order.
   */
  @Override
  void backward(Pass pass) {
    pass.overSamples(backwardSamples);
    pass.over(shape.weightElements(), addShards);
    ConvolutionWeights.addUnpacked(shape, pass.scratch(0), weight.gradient());
    if (bias != null) {
      for (float[] partial : biasPartials) {
        pass.kernels().accumulate(partial, bias.gradient(), 0, shape.oc());
      }
    }
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    Kernels kernels = pass.kernels();
    float[] partial = pass.scratch(shard);
    Arrays.fill(partial, 0, shape.weightElements(), 0);
    if (winograd) {
      float[] dx = x.needsGradient() ? x.gradient() : EMPTY;
      kernels.winogradBackward(
          shape, x.value(), gradient(), transposed, dx, partial, pass.workspace(), from, to);
    } else {
      kernels.conv2dBackwardWeight(
          shape, x.value(), gradient(), partial, pass.workspace(), from, to);
      if (x.needsGradient()) {
        kernels.conv2dBackwardInput(
            shape, gradient(), transposed, x.gradient(), pass.workspace(), from, to);
      }
    }
    if (bias != null) {
      int pixels = shape.oh() * shape.ow();
      Arrays.fill(biasPartials[shard], 0);
      kernels.sumRows(shape.oc(), gradient(), biasPartials[shard], from * pixels, to * pixels);
    }
  }

  private void addShards(Pass pass, int shard, int from, int to) {
    for (int other = 1; other < Workers.SHARDS; other++) {
      pass.kernels().accumulate(pass.scratch(other), pass.scratch(0), from, to);
    }
  }
}
