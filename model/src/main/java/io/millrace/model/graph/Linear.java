package io.millrace.model.graph;

import io.millrace.model.kernel.ConvolutionWeights;
import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** y[n][out] = bias[out] + sum over in of x[n][in] * weight[out][in]. */
public final class Linear extends Operation {
  private final int in;
  private final int out;
  private final Node x;
  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final float[] noBias;
  private final float[] packed;
  private boolean startsGradient;
  private boolean startsWeight;
  private boolean startsBias;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardInput = this::backwardInput;
  private final Pass.RangeTask backwardWeight = this::backwardWeight;

  /**
   * @param x [in]
   * @param weight [out, in]
   * @param bias [out], or null for none
   */
  public Linear(String name, Node x, Parameter weight, @Nullable Parameter bias) {
    super(
        name,
        Shape.of(weight.shape().extent(0)),
        bias == null ? List.of(x, weight) : List.of(x, weight, bias));
    in = requireRank(name, x, 1).extent(0);
    out = weight.shape().extent(0);
    requireShape(name, "weight", weight.shape(), out, in);
    if (bias != null) {
      requireShape(name, "bias", bias.shape(), out);
    }
    this.x = x;
    this.weight = weight;
    this.bias = bias;
    noBias = new float[bias == null ? out : 0];
    packed = new float[in * out];
  }

  @Override
  void prepare(Pass pass) {
    ConvolutionWeights.packLinear(in, out, weight.value(), packed);
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    float[] start = bias == null ? noBias : bias.value();
    pass.kernels().linearForward(in, out, x.value(), packed, start, value(), from, to);
  }

  /**
   * dx[n][in] += dy[n][out] * weight[out][in]; dweight[out][in] += dy[n][out] * x[n][in] and
   * dbias[out] += dy[n][out], both cut over out.
   */
  @Override
  void backward(Program program) {
    startsWeight = program.startsGradient(weight);
    startsBias = bias != null && program.startsGradient(bias);
    if (x.needsGradient()) {
      startsGradient = program.startsGradient(x);
      program.samples(backwardInput, gradients(), x.gradients());
    }
    if (weight.needsGradient()) {
      program.later(out, backwardWeight, x.values(), gradients());
    }
  }

  private void backwardWeight(Pass pass, int shard, int from, int to) {
    if (startsWeight) {
      Arrays.fill(weight.gradient(), from * in, to * in, 0);
    }
    pass.kernels()
        .linearBackwardWeight(
            in, out, x.value(), gradient(), weight.gradient(), pass.batchSize(), from, to);
    if (bias != null) {
      addBiasGradient(pass.batchSize(), bias.gradient(), from, to);
    }
  }

  private void addBiasGradient(int samples, float[] dBias, int from, int to) {
    for (int o = from; o < to; o++) {
      float sum = startsBias ? 0 : dBias[o];
      for (int n = 0; n < samples; n++) {
        sum += gradient()[n * out + o];
      }
      dBias[o] = sum;
    }
  }

  private void backwardInput(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    pass.kernels().linearBackwardInput(in, out, gradient(), weight.value(), x.gradient(), from, to);
  }
}
