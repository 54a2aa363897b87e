package io.millrace.model.graph;

import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) as PyTorch's {@code BatchNorm2d}: y = weight[c] * (x
 * - mean[c]) / sqrt(variance[c] + epsilon) + bias[c] with the statistics of the m = n*h*w values of
 * a channel.
 *
 * <p>Training takes the minibatch's mean and biased variance, in two passes, summed for each shard
 * and added in shard order; the running statistics move by running = (1 - momentum) * running +
 * momentum * batch, with the unbiased variance. Evaluation takes the running statistics. For m = 1
 * there is no unbiased variance, and the running statistics stay.
 */
public final class BatchNorm2d extends Operation {
  private final Node x;
  private final Parameter weight;
  private final Parameter bias;
  private final float[] runningMean;
  private final float[] runningVariance;
  private final float epsilon;
  private final float momentum;
  private final int channels;
  private final int pixels;

  private final float[] mean;
  private final float[] inverseDeviation;
  private final float[] scale;
  private final float[] shift;
  private final float[] dyFactor;
  private final float[] xFactor;
  private final float[] constant;
  private final float[][] partials;
  private final float[][] productPartials;

  private final Pass.RangeTask sum = this::sum;
  private final Pass.RangeTask sumSquares = this::sumSquares;
  private final Pass.RangeTask normalize = this::normalize;
  private final Pass.RangeTask sumGradients = this::sumGradients;
  private final Pass.RangeTask backwardInput = this::backwardInput;

  /**
   * @param x [C, H, W]
   * @param weight [C]
   * @param bias [C]
   * @param runningMean [C], state that the forward pass of training moves in place
   * @param runningVariance [C], as well
   */
  public BatchNorm2d(
      String name,
      Node x,
      Parameter weight,
      Parameter bias,
      Tensor runningMean,
      Tensor runningVariance,
      float epsilon,
      float momentum) {
    super(name, x.shape(), List.of(x, weight, bias));
    channels = requireRank(name, x, 3).extent(0);
    pixels = x.elements() / channels;
    requireShape(name, "weight", weight.shape(), channels);
    requireShape(name, "bias", bias.shape(), channels);
    requireShape(name, "running mean", runningMean.shape(), channels);
    requireShape(name, "running variance", runningVariance.shape(), channels);
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    this.runningMean = runningMean.data();
    this.runningVariance = runningVariance.data();
    this.epsilon = epsilon;
    this.momentum = momentum;
    mean = new float[channels];
    inverseDeviation = new float[channels];
    scale = new float[channels];
    shift = new float[channels];
    dyFactor = new float[channels];
    xFactor = new float[channels];
    constant = new float[channels];
    partials = new float[Workers.SHARDS][channels];
    productPartials = new float[Workers.SHARDS][channels];
  }

  @Override
  void forward(Pass pass) {
    if (pass.training()) {
      int rows = pass.batchSize() * pixels;
      pass.overSamples(sum);
      for (int c = 0; c < channels; c++) {
        mean[c] = (float) (total(partials, c) / rows);
      }
      pass.overSamples(sumSquares);
      for (int c = 0; c < channels; c++) {
        double squares = total(partials, c);
        setScale(c, squares / rows);
        moveRunning(c, squares, rows);
      }
    } else {
      for (int c = 0; c < channels; c++) {
        mean[c] = runningMean[c];
        setScale(c, runningVariance[c]);
      }
    }
    pass.overSamples(normalize);
  }

  private void setScale(int c, double variance) {
    inverseDeviation[c] = (float) (1 / Math.sqrt(variance + epsilon));
    scale[c] = weight.value()[c] * inverseDeviation[c];
    shift[c] = bias.value()[c];
  }

  private void moveRunning(int c, double squares, int rows) {
    if (rows > 1) {
      float unbiased = (float) (squares / (rows - 1));
      runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean[c];
      runningVariance[c] = (1 - momentum) * runningVariance[c] + momentum * unbiased;
    }
  }

  private void sum(Pass pass, int shard, int from, int to) {
    Arrays.fill(partials[shard], 0);
    pass.kernels().sumRows(channels, x.value(), partials[shard], from * pixels, to * pixels);
  }

  private void sumSquares(Pass pass, int shard, int from, int to) {
    Arrays.fill(partials[shard], 0);
    pass.kernels()
        .sumSquaredDeviations(
            channels, x.value(), mean, partials[shard], from * pixels, to * pixels);
  }

  private void normalize(Pass pass, int shard, int from, int to) {
    pass.kernels()
        .normalizeRows(
            channels, x.value(), mean, scale, shift, value(), from * pixels, to * pixels);
  }

  /**
   * With s = 1 / sqrt(variance + epsilon): dbias = sum dy; dweight = s * sum of dy * (x - mean); dx
   * += weight * s * (dy - dbias / m - (x - mean) * s * dweight / m), because the minibatch's mean
   * and variance depend on every x.
   */
  @Override
  void backward(Pass pass) {
    double rows = (double) pass.batchSize() * pixels;
    pass.overSamples(sumGradients);
    for (int c = 0; c < channels; c++) {
      double dBias = total(partials, c);
      double dWeight = total(productPartials, c) * inverseDeviation[c];
      bias.gradient()[c] += (float) dBias;
      weight.gradient()[c] += (float) dWeight;
      dyFactor[c] = scale[c];
      xFactor[c] = (float) (-scale[c] * dWeight * inverseDeviation[c] / rows);
      constant[c] = (float) (-scale[c] * dBias / rows);
    }
    if (x.needsGradient()) {
      pass.overSamples(backwardInput);
    }
  }

  private void sumGradients(Pass pass, int shard, int from, int to) {
    Arrays.fill(partials[shard], 0);
    Arrays.fill(productPartials[shard], 0);
    pass.kernels().sumRows(channels, gradient(), partials[shard], from * pixels, to * pixels);
    pass.kernels()
        .sumProductDeviations(
            channels,
            x.value(),
            mean,
            gradient(),
            productPartials[shard],
            from * pixels,
            to * pixels);
  }

  private void backwardInput(Pass pass, int shard, int from, int to) {
    pass.kernels()
        .normalizeRowsBackward(
            channels,
            x.value(),
            mean,
            gradient(),
            dyFactor,
            xFactor,
            constant,
            x.gradient(),
            from * pixels,
            to * pixels);
  }

  /** The shards' sums of one channel, added in shard order. */
  private static double total(float[][] partials, int c) {
    double total = 0;
    for (float[] partial : partials) {
      total += partial[c];
    }
    return total;
  }
}
