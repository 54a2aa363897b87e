package io.millrace.benchmarks.kernels;

import static io.millrace.model.kernel.Workers.SHARDS;

import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;

/** What the layer Linear does with the kernels. */
final class LinearRun implements LayerRun {
  private final Kernels kernels;
  private final int in;
  private final int out;
  private final LayerData data;
  private final float[] packed;
  private final float[] y;
  private final float[] dx;
  private final float[] dWeight;

  LinearRun(Kernels kernels, Layer.FullyConnected layer, LayerData data) {
    this.kernels = kernels;
    this.data = data;
    in = layer.in();
    out = layer.out();
    packed = new float[in * out];
    ConvolutionWeights.packLinear(in, out, data.weight(), packed);
    y = new float[data.dy().length];
    dx = new float[data.x().length];
    dWeight = new float[in * out];
  }

  @Override
  public void forward() {
    int n = data.samples();
    for (int shard = 0; shard < SHARDS; shard++) {
      kernels.linearForward(
          in, out, data.x(), packed, data.bias(), y, Workers.from(shard, n), Workers.to(shard, n));
    }
  }

  @Override
  public void backwardInput() {
    int n = data.samples();
    for (int shard = 0; shard < SHARDS; shard++) {
      kernels.linearBackwardInput(
          in, out, data.dy(), data.weight(), dx, Workers.from(shard, n), Workers.to(shard, n));
    }
  }

  /** Cut over the rows of the weights. */
  @Override
  public void backwardWeight() {
    int n = data.samples();
    for (int shard = 0; shard < SHARDS; shard++) {
      int from = Workers.from(shard, out);
      int to = Workers.to(shard, out);
      kernels.linearBackwardWeight(in, out, data.x(), data.dy(), dWeight, n, from, to);
    }
  }

  @Override
  public void backward() {
    backwardWeight();
    backwardInput();
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
    return dWeight;
  }
}
