package io.millrace.model.graph;

import java.util.List;

/** y = x where x &gt; 0, else slope * x; with slope 0 it is ReLU. Takes any shape. */
public final class LeakyRelu extends Operation {
  private final float slope;
  private final Node x;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private boolean startsGradient;

  public LeakyRelu(String name, Node x, float slope) {
    super(name, x.shape(), List.of(x));
    this.slope = slope;
    this.x = x;
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    pass.kernels().leakyReluForward(slope, x.value(), value(), from * elements(), to * elements());
  }

  /** dx += dy where x &gt; 0, else slope * dy. */
  @Override
  void backward(Program program) {
    startsGradient = program.startsGradient(x);
    program.samples(backwardSamples, x.values(), gradients(), x.gradients());
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    pass.kernels()
        .leakyReluBackward(
            slope, x.value(), gradient(), x.gradient(), from * elements(), to * elements());
  }
}
