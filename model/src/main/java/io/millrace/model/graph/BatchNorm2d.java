package io.millrace.model.graph;

import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalisation (Ioffe and Szegedy 2015) as PyTorch's {@code BatchNorm2d}: y = weight[c] * (x
 * - mean[c]) / sqrt(variance[c] + epsilon) + bias[c] with the statistics of the m = n*h*w values of
 * a channel.
 *
 * <p>Training takes the minibatch's mean and biased variance: each shard's own, in two passes while
 * its values are at hand, combined in shard order (Chan, Golub and LeVeque 1979). The running
 * statistics move by running = (1 - momentum) * running + momentum * batch, with the unbiased
 * variance; for m = 1 there is none, and they stay. Evaluation takes the running statistics, and so
 * does training where weight and bias are frozen: then the statistics stay, too, and what comes
 * after is trained on the same values that it will be used with.
 *
 * <p>What commonly follows is part of the same passes over memory: the sum with a shortcut, and a
 * ReLU of it all. Backward, the ReLU's zeros are put into this node's own gradient.
 */
public final class BatchNorm2d extends Operation {
  private final Node x;
  private final @Nullable Node shortcut;
  private final boolean relu;
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
  private final float[] unbiasedVariance;
  private final float[] dyFactor;
  private final float[] xFactor;
  private final float[] constant;

  /** Of each shard: sums and squared deviations; backward, sums of dy and of dy * (x - mean). */
  private final float[][] sums;

  private final float[][] products;
  private final float[][] shardMeans;

  private final Pass.RangeTask sum = this::sum;
  private final Pass.RangeTask normalize = this::normalize;
  private final Pass.RangeTask sumGradients = this::sumGradients;
  private final Pass.RangeTask backwardInput = this::backwardInput;
  private boolean startsGradient;
  private boolean startsShortcut;
  private boolean startsWeight;
  private boolean startsBias;

  /**
   * @param x [C, H, W]
   * @param weight [C]
   * @param bias [C]
   * @param runningMean [C], state that an accepted step of training moves in place
   * @param runningVariance [C], as well
   * @param shortcut added to the result, of x's shape, or null for none
   * @param relu whether y is 0 where it would not be above 0
   */
  public BatchNorm2d(
      String name,
      Node x,
      Parameter weight,
      Parameter bias,
      Tensor runningMean,
      Tensor runningVariance,
      float epsilon,
      float momentum,
      @Nullable Node shortcut,
      boolean relu) {
    super(
        name,
        x.shape(),
        shortcut == null ? List.of(x, weight, bias) : List.of(x, weight, bias, shortcut));
    channels = requireRank(name, x, 3).extent(0);
    pixels = x.elements() / channels;
    requireShape(name, "weight", weight.shape(), channels);
    requireShape(name, "bias", bias.shape(), channels);
    requireShape(name, "running mean", runningMean.shape(), channels);
    requireShape(name, "running variance", runningVariance.shape(), channels);
    if (shortcut != null) {
      requireShape(name, "shortcut", shortcut.shape(), x.shape().toArray());
    }
    this.x = x;
    this.shortcut = shortcut;
    this.relu = relu;
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
    unbiasedVariance = new float[channels];
    dyFactor = new float[channels];
    xFactor = new float[channels];
    constant = new float[channels];
    sums = new float[Workers.SHARDS][channels];
    products = new float[Workers.SHARDS][channels];
    shardMeans = new float[Workers.SHARDS][channels];
  }

  @Override
  void forward(Program program) {
    if (program.pass().training() && !frozen()) {
      program.samples(sum, x.values());
      program.joint(this::takeMinibatch);
    } else {
      program.joint(this::takeRunning);
    }
    program.samples(normalize, x.values(), values());
    if (shortcut != null) {
      program.use(shortcut.values());
    }
  }

  private void sum(Pass pass, int shard, int from, int to) {
    Arrays.fill(sums[shard], 0);
    Arrays.fill(products[shard], 0);
    int rows = (to - from) * pixels;
    pass.kernels().sumRows(channels, x.value(), sums[shard], from * pixels, to * pixels);
    for (int c = 0; c < channels; c++) {
      shardMeans[shard][c] = sums[shard][c] / Math.max(1, rows);
    }
    pass.kernels()
        .sumSquaredDeviations(
            channels, x.value(), shardMeans[shard], products[shard], from * pixels, to * pixels);
  }

  private void takeMinibatch(Pass pass) {
    int samples = pass.batchSize();
    int rows = samples * pixels;
    for (int c = 0; c < channels; c++) {
      double exactMean = total(sums, c) / rows;
      double squares = total(products, c);
      for (int shard = 0; shard < Workers.SHARDS; shard++) {
        int shardSamples = Workers.to(shard, samples) - Workers.from(shard, samples);
        double distance = shardMeans[shard][c] - exactMean;
        squares += distance * distance * shardSamples * pixels;
      }
      mean[c] = (float) exactMean;
      setScale(c, squares / rows);
      unbiasedVariance[c] = (float) (squares / (rows - 1));
    }
  }

  private boolean frozen() {
    return !weight.needsGradient();
  }

  private void takeRunning(Pass pass) {
    for (int c = 0; c < channels; c++) {
      mean[c] = runningMean[c];
      setScale(c, runningVariance[c]);
    }
  }

  private void setScale(int c, double variance) {
    inverseDeviation[c] = (float) (1 / Math.sqrt(variance + epsilon));
    scale[c] = weight.value()[c] * inverseDeviation[c];
    shift[c] = bias.value()[c];
  }

  @Override
  void accept(Pass pass) {
    if (!frozen() && pass.batchSize() * pixels > 1) {
      for (int c = 0; c < channels; c++) {
        runningMean[c] = (1 - momentum) * runningMean[c] + momentum * mean[c];
        runningVariance[c] = (1 - momentum) * runningVariance[c] + momentum * unbiasedVariance[c];
      }
    }
  }

  private void normalize(Pass pass, int shard, int from, int to) {
    pass.kernels()
        .normalizeRows(
            channels,
            x.value(),
            mean,
            scale,
            shift,
            shortcut == null ? EMPTY : shortcut.value(),
            relu,
            value(),
            from * pixels,
            to * pixels);
  }

  /**
   * With s = 1 / sqrt(variance + epsilon), and dy being 0 where a ReLU gave 0: dshortcut += dy;
   * dbias = sum dy; dweight = s * sum of dy * (x - mean); dx += weight * s * (dy - dbias / m - (x -
   * mean) * s * dweight / m), because the minibatch's mean and variance depend on every x. Frozen,
   * they do not: dx += weight * s * dy.
   */
  @Override
  void backward(Program program) {
    startsWeight = program.startsGradient(weight);
    startsBias = program.startsGradient(bias);
    program.samples(sumGradients, x.values(), gradients());
    if (relu) {
      program.use(values());
    }
    if (shortcut != null && shortcut.needsGradient()) {
      startsShortcut = program.startsGradient(shortcut);
      program.use(shortcut.gradients());
    }
    program.joint(frozen() ? this::passGradients : this::combineGradients);
    if (x.needsGradient()) {
      startsGradient = program.startsGradient(x);
      program.samples(backwardInput, x.values(), gradients(), x.gradients());
    }
  }

  private void sumGradients(Pass pass, int shard, int from, int to) {
    Arrays.fill(sums[shard], 0);
    Arrays.fill(products[shard], 0);
    float[] y = relu ? value() : EMPTY;
    pass.kernels()
        .sumGradientRows(
            channels,
            x.value(),
            mean,
            y,
            gradient(),
            sums[shard],
            products[shard],
            from * pixels,
            to * pixels);
    if (shortcut != null && shortcut.needsGradient()) {
      passToShortcut(pass, shortcut.gradient(), from * elements(), to * elements());
    }
  }

  private void passToShortcut(Pass pass, float[] dShortcut, int from, int to) {
    if (startsShortcut) {
      System.arraycopy(gradient(), from, dShortcut, from, to - from);
    } else {
      pass.kernels().accumulate(gradient(), dShortcut, from, to);
    }
  }

  private void combineGradients(Pass pass) {
    double rows = (double) pass.batchSize() * pixels;
    for (int c = 0; c < channels; c++) {
      double dBias = total(sums, c);
      double dWeight = total(products, c) * inverseDeviation[c];
      bias.gradient()[c] = (startsBias ? 0 : bias.gradient()[c]) + (float) dBias;
      weight.gradient()[c] = (startsWeight ? 0 : weight.gradient()[c]) + (float) dWeight;
      dyFactor[c] = scale[c];
      xFactor[c] = (float) (-scale[c] * dWeight * inverseDeviation[c] / rows);
      constant[c] = (float) (-scale[c] * dBias / rows);
    }
  }

  private void passGradients(Pass pass) {
    for (int c = 0; c < channels; c++) {
      dyFactor[c] = scale[c];
      xFactor[c] = 0;
      constant[c] = 0;
    }
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
            !startsGradient,
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
