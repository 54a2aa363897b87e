package io.millrace.model.graph;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.kernel.PooledConvolution;
import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution, a max pooling of its value, and perhaps a ReLU in front of or behind the pooling,
 * which is the same. The convolution's own value is not kept, and its gradient, which is zero at
 * most places, never made: see {@link PooledConvolution}.
 */
public final class PooledConv2d extends Operation {
  private final Conv2dShape shape;
  private final Pool2dShape pool;
  private final int windows;
  private final Node x;
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final boolean relu;

  /** Whether the value of the convolution alone is never there. */
  private final boolean joined;

  private final ConvolutionForward convolution;
  private final float[] rows;
  private final float[] noBias;
  private final float[][] biasPartials;
  private final Buffer[] partials = new Buffer[Workers.SHARDS];
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private final Pass.RangeTask addShards = this::addShards;
  private Buffer unpooled = new Buffer(0);
  private int[] argmax = {};
  private boolean startsGradient;
  private boolean startsWeight;
  private boolean startsBias;

  /**
   * @param x [ic, ih, iw]
   * @param weight [oc, ic, kh, kw]
   * @param bias [oc], or null for none
   * @param pool of the convolution's value
   * @param relu whether what is not above 0 is 0
   */
  public PooledConv2d(
      String name,
      Node x,
      Parameter weight,
      @Nullable Parameter bias,
      Conv2dShape shape,
      Pool2dShape pool,
      boolean relu) {
    super(
        name,
        Shape.of(pool.c(), pool.oh(), pool.ow()),
        bias == null ? List.of(x, weight) : List.of(x, weight, bias));
    requireShape(name, "input", x.shape(), shape.ic(), shape.ih(), shape.iw());
    requireShape(name, "weight", weight.shape(), shape.oc(), shape.ic(), shape.kh(), shape.kw());
    if (bias != null) {
      requireShape(name, "bias", bias.shape(), shape.oc());
    }
    if (!PooledConvolution.suits(shape, pool)) {
      throw new IllegalArgumentException(
          "layer "
              + name
              + ": expected a convolution and a pooling that suit, got "
              + shape
              + pool);
    }
    this.shape = shape;
    this.pool = pool;
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    this.relu = relu;
    joined = PooledConvolution.forwardSuits(shape, pool);
    windows = pool.oh() * pool.ow();
    convolution = new ConvolutionForward(shape);
    rows = new float[PooledConvolution.rowElements(shape)];
    noBias = new float[bias == null ? shape.oc() : 0];
    biasPartials = new float[Workers.SHARDS][shape.oc()];
    Arrays.setAll(partials, _ -> new Buffer(PooledConvolution.rowElements(shape)));
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    int value = shape.oc() * shape.oh() * shape.ow();
    unpooled = new Buffer(joined ? 0 : pass.maxBatch() * value);
    argmax = new int[joined && !pass.training() ? 0 : values().elements()];
    buffers.add(unpooled);
    buffers.addAll(List.of(partials));
  }

  @Override
  int workspaceElements(boolean training) {
    int forward = Conv2dPlan.workspace(shape, false);
    return training ? Math.max(forward, PooledConvolution.workspace(shape, pool)) : forward;
  }

  @Override
  void prepare(Pass pass) {
    convolution.prepare(pass, weight.value());
    if (pass.training()) {
      PooledConvolution.pack(shape, weight.value(), rows);
    }
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), unpooled, values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    Kernels kernels = pass.kernels();
    float[] start = bias == null ? noBias : bias.value();
    if (joined) {
      kernels.pooledConvolutionForward(
          shape,
          pool,
          x.value(),
          convolution.prepared(),
          start,
          relu,
          value(),
          argmax,
          pass.workspace(),
          from,
          to);
      return;
    }
    convolution.run(pass, x.value(), start, false, unpooled.array(), from, to);
    kernels.maxPoolForward(pool, unpooled.array(), value(), argmax, from, to);
    if (relu) {
      // One element in four or less is left to be cut off.
      kernels.leakyReluForward(0, value(), value(), from * elements(), to * elements());
    }
  }

  /**
   * With dy where a window had its largest value, and 0 elsewhere: dx += dy * weight; dweight += x
   * * dy; dbias[oc] += dy. The last two are summed for each shard, and the shards' sums are added
   * in shard order.
   */
  @Override
  void backward(Program program) {
    startsWeight = program.startsGradient(weight);
    startsBias = bias != null && program.startsGradient(bias);
    program.samples(backwardSamples, x.values(), values(), gradients());
    if (x.needsGradient()) {
      program.use(x.gradients());
      startsGradient = program.startsGradient(x);
    }
    if (weight.needsGradient()) {
      program.later(shape.oc(), addShards, partials);
    } else {
      // The kernels write them all the same.
      for (Buffer partial : partials) {
        program.use(partial);
      }
    }
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    Kernels kernels = pass.kernels();
    float[] sums = biasPartials[shard];
    Arrays.fill(sums, 0);
    if (relu) {
      kernels.reluBackwardRows(shape.oc(), value(), gradient(), sums, from * windows, to * windows);
    } else {
      kernels.sumRows(shape.oc(), gradient(), sums, from * windows, to * windows);
    }
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    float[] partial = partials[shard].array();
    Arrays.fill(partial, 0, PooledConvolution.rowElements(shape), 0);
    kernels.pooledConvolutionBackward(
        shape,
        pool,
        x.value(),
        gradient(),
        argmax,
        rows,
        x.gradient(),
        partial,
        pass.workspace(),
        from,
        to);
  }

  /** Adds up what the shards have found for the outputs [from, to). */
  private void addShards(Pass pass, int shard, int from, int to) {
    float[] sum = partials[0].array();
    int filter = PooledConvolution.rowElements(shape) / shape.oc();
    for (int other = 1; other < Workers.SHARDS; other++) {
      pass.kernels().accumulate(partials[other].array(), sum, from * filter, to * filter);
    }
    PooledConvolution.unpack(shape, sum, !startsWeight, weight.gradient(), from, to);
    if (bias != null) {
      addBiasShards(bias.gradient(), from, to);
    }
  }

  private void addBiasShards(float[] dBias, int from, int to) {
    for (int oc = from; oc < to; oc++) {
      float sum = startsBias ? 0 : dBias[oc];
      for (float[] partial : biasPartials) {
        sum += partial[oc];
      }
      dBias[oc] = sum;
    }
  }
}
