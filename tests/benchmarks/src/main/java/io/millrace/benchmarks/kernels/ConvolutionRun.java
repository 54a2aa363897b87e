package io.millrace.benchmarks.kernels;

import static io.millrace.model.kernel.Workers.SHARDS;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;

/**
 * What the layer Conv2d does with the kernels that sum products as they are. Which of them that is,
 * direct, depthwise or for few channels, the kernels decide by the shape.
 */
final class ConvolutionRun implements LayerRun {
  private final Kernels kernels;
  private final Conv2dShape shape;
  private final LayerData data;
  private final float[] packed;
  private final float[] transposed;
  private final float[] workspace;
  private final float[] y;
  private final float[] dx;
  private final float[][] dPacked;

  ConvolutionRun(Kernels kernels, Conv2dShape shape, LayerData data) {
    this.kernels = kernels;
    this.shape = shape;
    this.data = data;
    packed = new float[shape.weightElements()];
    transposed = new float[shape.weightElements()];
    ConvolutionWeights.pack(shape, data.weight(), packed);
    ConvolutionWeights.packTransposed(shape, data.weight(), transposed);
    workspace = new float[Conv2dPlan.workspace(shape, true)];
    y = new float[data.dy().length];
    dx = new float[data.x().length];
    dPacked = new float[SHARDS][shape.weightElements()];
  }

  /** The gradient of the weights from those of the shards, as training adds them. */
  static float[] sum(Kernels kernels, Conv2dShape shape, float[][] dPacked) {
    float[] sum = dPacked[0].clone();
    for (int shard = 1; shard < SHARDS; shard++) {
      kernels.accumulate(dPacked[shard], sum, 0, sum.length);
    }
    float[] dWeight = new float[sum.length];
    ConvolutionWeights.unpack(shape, sum, false, dWeight, 0, shape.groupInputs());
    return dWeight;
  }

  @Override
  public void forward() {
    for (int shard = 0; shard < SHARDS; shard++) {
      kernels.conv2dForward(
          shape, data.x(), packed, data.bias(), false, y, workspace, from(shard), to(shard));
    }
  }

  @Override
  public void backwardInput() {
    for (int shard = 0; shard < SHARDS; shard++) {
      backwardInput(shard);
    }
  }

  @Override
  public void backwardWeight() {
    for (int shard = 0; shard < SHARDS; shard++) {
      backwardWeight(shard);
    }
  }

  @Override
  public void backward() {
    for (int shard = 0; shard < SHARDS; shard++) {
      backwardWeight(shard);
      backwardInput(shard);
    }
  }

  private void backwardInput(int shard) {
    kernels.conv2dBackwardInput(
        shape, data.dy(), transposed, dx, workspace, from(shard), to(shard));
  }

  private void backwardWeight(int shard) {
    kernels.conv2dBackwardWeight(
        shape, data.x(), data.dy(), dPacked[shard], workspace, from(shard), to(shard));
  }

  @Override
  public float[] y() {
    return y;
  }

  @Override
  public float[] dx() {
    return dx;
  }

  @Override
  public float[] dWeight() {
    return sum(kernels, shape, dPacked);
  }

  private int from(int shard) {
    return Workers.from(shard, data.samples());
  }

  private int to(int shard) {
    return Workers.to(shard, data.samples());
  }
}
