package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two-dimensional cross-correlation; letters as in {@link Conv2dShape}. y[n][oh][ow][oc] = bias[oc]
 * + sum over kh, kw, ic of x[n][oh*sh + kh*dh - ph][ow*sw + kw*dw - pw][ic] *
 * weight[oc][ic][kh][kw]; a ReLU that follows is part of it. Backward, the ReLU's zeros are put
 * into this node's own gradient.
 */
public final class Conv2d extends Operation {
  private final Conv2dShape shape;
  private final Node x;
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final boolean relu;
  private final ConvolutionForward convolution;
  private final float[] noBias;
  private final float[][] biasPartials;
  private final Buffer[] partials = new Buffer[Workers.SHARDS];
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private final Pass.RangeTask addShards = this::addShards;
  private boolean startsGradient;
  private boolean startsWeight;
  private boolean startsBias;

  /**
   * @param x [ic, ih, iw]
   * @param weight [oc, ic/groups, kh, kw]
   * @param bias [oc], or null for none
   * @param relu whether y is 0 where it would not be above 0
   */
  public Conv2d(
      String name,
      Node x,
      Parameter weight,
      @Nullable Parameter bias,
      Conv2dShape shape,
      boolean relu) {
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
    this.relu = relu;
    convolution = new ConvolutionForward(shape);
    noBias = new float[bias == null ? shape.oc() : 0];
    biasPartials = new float[Workers.SHARDS][shape.oc()];
    Arrays.setAll(partials, _ -> new Buffer(shape.weightElements()));
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    buffers.addAll(List.of(partials));
    if (pass.training() && x.needsGradient()) {
      convolution.keepTransposed();
    }
  }

  @Override
  int workspaceElements(boolean training) {
    return Conv2dPlan.workspace(shape, training);
  }

  @Override
  void prepare(Pass pass) {
    convolution.prepare(pass, weight.value());
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    float[] start = bias == null ? noBias : bias.value();
    convolution.run(pass, x.value(), start, relu, value(), from, to);
  }

  /**
   * dx[..][ic] += dy[..][oc] * weight; dweight += x * dy; dbias[oc] += dy[..][oc]. The last two are
   * summed for each shard, and the shards' sums are added in shard order.
   */
  @Override
  void backward(Program program) {
    startsWeight = program.startsGradient(weight);
    startsBias = bias != null && program.startsGradient(bias);
    program.samples(backwardSamples, x.values(), gradients());
    if (relu) {
      program.use(values());
    }
    if (x.needsGradient()) {
      program.use(x.gradients());
      startsGradient = program.startsGradient(x);
    }
    if (weight.needsGradient()) {
      program.later(shape.groupInputs(), addShards, partials);
    } else {
      // The kernels write them all the same.
      for (Buffer partial : partials) {
        program.use(partial);
      }
    }
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    passRelu(pass, shard, from * shape.oh() * shape.ow(), to * shape.oh() * shape.ow());
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    Kernels kernels = pass.kernels();
    float[] workspace = pass.workspace();
    float[] partial = partials[shard].array();
    Arrays.fill(partial, 0, shape.weightElements(), 0);
    float[] transposed = convolution.transposed();
    float[] dx = x.gradient();
    if (convolution.winograd()) {
      kernels.winogradBackward(
          shape, x.value(), gradient(), transposed, dx, partial, workspace, from, to);
    } else {
      kernels.conv2dBackwardWeight(shape, x.value(), gradient(), partial, workspace, from, to);
      if (x.needsGradient()) {
        kernels.conv2dBackwardInput(shape, gradient(), transposed, dx, workspace, from, to);
      }
    }
  }

  /** The sums are the bias's gradient; with a ReLU they come with its own gradient. */
  private void passRelu(Pass pass, int shard, int fromRow, int toRow) {
    float[] sums = biasPartials[shard];
    if (relu) {
      Arrays.fill(sums, 0);
      pass.kernels().reluBackwardRows(shape.oc(), value(), gradient(), sums, fromRow, toRow);
    } else if (bias != null) {
      Arrays.fill(sums, 0);
      pass.kernels().sumRows(shape.oc(), gradient(), sums, fromRow, toRow);
    }
  }

  /** Adds up what the shards have found for the inputs [from, to) of each group. */
  private void addShards(Pass pass, int shard, int from, int to) {
    float[] sum = partials[0].array();
    int blocks = ConvolutionWeights.inputBlocks(shape);
    int block = shape.weightElements() / blocks;
    int input = block / shape.groupInputs();
    for (int b = 0; b < blocks; b++) {
      int first = b * block + from * input;
      for (int other = 1; other < Workers.SHARDS; other++) {
        pass.kernels().accumulate(partials[other].array(), sum, first, first + (to - from) * input);
      }
    }
    ConvolutionWeights.unpack(shape, sum, !startsWeight, weight.gradient(), from, to);
    if (bias != null && from == 0 && to > 0) {
      addBiasShards(pass, bias.gradient());
    }
  }

  private void addBiasShards(Pass pass, float[] dBias) {
    if (startsBias) {
      Arrays.fill(dBias, 0);
    }
    for (float[] partial : biasPartials) {
      pass.kernels().accumulate(partial, dBias, 0, shape.oc());
    }
  }
}
