package io.millrace.benchmarks.kernels;

import static io.millrace.model.kernel.Workers.SHARDS;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Winograd;
import io.millrace.model.kernel.Workers;

/** What the layer Conv2d does with the kernels where Winograd's transform suits its shape. */
final class WinogradRun implements LayerRun {
  private static final float[] NO_DX = {};

  private final Kernels kernels;
  private final Conv2dShape shape;
  private final LayerData data;
  private final float[] u;
  private final float[] transposed;
  private final float[] workspace;
  private final float[] y;
  private final float[] dx;
  private final float[][] dPacked;

  WinogradRun(Kernels kernels, Conv2dShape shape, LayerData data) {
    this.kernels = kernels;
    this.shape = shape;
    this.data = data;
    u = new float[Winograd.weightElements(shape)];
    transposed = new float[Winograd.weightElements(shape)];
    kernels.winogradWeights(shape, data.weight(), u, transposed);
    workspace = new float[Conv2dPlan.workspace(shape, true)];
    y = new float[data.dy().length];
    dx = new float[data.x().length];
    dPacked = new float[SHARDS][shape.weightElements()];
  }

  @Override
  public void forward() {
    for (int shard = 0; shard < SHARDS; shard++) {
      kernels.winogradForward(
          shape, data.x(), u, data.bias(), false, y, workspace, from(shard), to(shard));
    }
  }

  @Override
  public void backwardInput() {
    throw new UnsupportedOperationException("the input's gradient comes with the weights'");
  }

  @Override
  public void backwardWeight() {
    backward(NO_DX);
  }

  @Override
  public void backward() {
    backward(dx);
  }

  private void backward(float[] inputGradient) {
    for (int shard = 0; shard < SHARDS; shard++) {
      kernels.winogradBackward(
          shape,
          data.x(),
          data.dy(),
          transposed,
          inputGradient,
          dPacked[shard],
          workspace,
          from(shard),
          to(shard));
    }
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
    return ConvolutionRun.sum(kernels, shape, dPacked);
  }

  private int from(int shard) {
    return Workers.from(shard, data.samples());
  }

  private int to(int shard) {
    return Workers.to(shard, data.samples());
  }
}
