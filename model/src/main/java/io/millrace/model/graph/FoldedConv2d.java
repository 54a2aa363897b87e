package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and the batch norm behind it, for evaluation: the norm of fixed statistics is a
 * factor and an offset for each channel, which go into the convolution's weights and bias. A
 * shortcut that is added, and a ReLU of it all, are part of it.
 */
public final class FoldedConv2d extends Operation {
  /**
   * A batch norm of fixed statistics.
   *
   * @param weight [oc]
   * @param bias [oc]
   * @param runningMean [oc]
   * @param runningVariance [oc]
   */
  public record Norm(
      Parameter weight,
      Parameter bias,
      float[] runningMean,
      float[] runningVariance,
      float epsilon) {}

  private final Conv2dShape shape;
  private final Node x;
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final Norm norm;
  private final @Nullable Node shortcut;
  private final boolean relu;
  private final ConvolutionForward convolution;
  private final float[] foldedWeight;
  private final float[] foldedBias;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;

  /**
   * @param x [ic, ih, iw]
   * @param weight [oc, ic/groups, kh, kw]
   * @param bias [oc], the convolution's, or null for none
   * @param shortcut [oc, oh, ow], or null for none
   */
  public FoldedConv2d(
      String name,
      Node x,
      Parameter weight,
      @Nullable Parameter bias,
      Conv2dShape shape,
      Norm norm,
      @Nullable Node shortcut,
      boolean relu) {
    super(
        name,
        Shape.of(shape.oc(), shape.oh(), shape.ow()),
        inputs(x, weight, bias, norm, shortcut));
    requireShape(name, "input", x.shape(), shape.ic(), shape.ih(), shape.iw());
    if (shortcut != null) {
      requireShape(name, "shortcut", shortcut.shape(), shape().toArray());
    }
    this.shape = shape;
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    this.norm = norm;
    this.shortcut = shortcut;
    this.relu = relu;
    convolution = new ConvolutionForward(shape);
    foldedWeight = new float[shape.weightElements()];
    foldedBias = new float[shape.oc()];
  }

  private static List<Node> inputs(
      Node x, Parameter weight, @Nullable Parameter bias, Norm norm, @Nullable Node shortcut) {
    List<Node> inputs = new ArrayList<>(List.of(x, weight, norm.weight, norm.bias));
    if (bias != null) {
      inputs.add(bias);
    }
    if (shortcut != null) {
      inputs.add(shortcut);
    }
    return inputs;
  }

  @Override
  int workspaceElements(boolean training) {
    return Conv2dPlan.workspace(shape, false);
  }

  /**
   * weight' = weight * f and bias' = (bias - mean) * f + norm's bias, f = norm's weight /
   * deviation.
   */
  @Override
  void prepare(Pass pass) {
    int filter = shape.weightElements() / shape.oc();
    for (int o = 0; o < shape.oc(); o++) {
      double deviation = Math.sqrt(norm.runningVariance[o] + (double) norm.epsilon);
      double factor = norm.weight.value()[o] / deviation;
      for (int i = o * filter; i < (o + 1) * filter; i++) {
        foldedWeight[i] = (float) (weight.value()[i] * factor);
      }
      double offset = (bias == null ? 0 : bias.value()[o]) - (double) norm.runningMean[o];
      foldedBias[o] = (float) (offset * factor + norm.bias.value()[o]);
    }
    convolution.prepare(pass, foldedWeight);
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
    if (shortcut != null) {
      program.use(shortcut.values());
    }
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    boolean atOnce = relu && shortcut == null;
    convolution.run(pass, x.value(), foldedBias, atOnce, value(), from, to);
    if (shortcut != null) {
      addShortcut(pass.kernels(), shortcut.value(), from, to);
    }
  }

  /** Sample by sample, so that the sum is still in the cache for the ReLU. */
  private void addShortcut(Kernels kernels, float[] added, int from, int to) {
    for (int n = from; n < to; n++) {
      int first = n * elements();
      kernels.accumulate(added, value(), first, first + elements());
      if (relu) {
        kernels.leakyReluForward(0, value(), value(), first, first + elements());
      }
    }
  }

  @Override
  void backward(Program program) {
    throw new IllegalStateException(
        "layer " + name() + ": expected evaluation only; training needs the two layers apart");
  }
}
