package io.millrace.model.graph;

import io.millrace.model.math.CounterRandom;
import java.util.List;

/**
 * Inverted dropout: in training y = x * mask, where mask is 0 with the given probability and 1 / (1
 * - probability) otherwise; in evaluation y = x. The mask is a function of seed, step, site and the
 * element's place in the minibatch. Takes any shape.
 */
public final class Dropout extends Operation {
  private final float probability;
  private final float kept;
  private final int site;
  private final Node x;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private boolean startsGradient;
  private Buffer mask = new Buffer(0);

  /**
   * @param probability of an element to be zeroed, in [0, 1)
   * @param site tells this layer's random numbers from another's
   */
  public Dropout(String name, Node x, float probability, int site) {
    super(name, x.shape(), List.of(x));
    this.probability = probability;
    this.kept = (float) (1 / (1 - (double) probability));
    this.site = site;
    this.x = x;
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    if (pass.training()) {
      mask = new Buffer(values().elements());
      buffers.add(mask);
    }
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), mask, values());
  }

  private void forwardSamples(Pass pass, int shard, int fromSample, int toSample) {
    int from = fromSample * elements();
    int to = toSample * elements();
    if (!pass.training()) {
      System.arraycopy(x.value(), from, value(), from, to - from);
      return;
    }
    float[] mask = this.mask.array();
    for (int i = from; i < to; i++) {
      float uniform = CounterRandom.uniform(pass.seed(), pass.step(), site, i);
      mask[i] = uniform < probability ? 0 : kept;
    }
    pass.kernels().multiply(x.value(), mask, value(), from, to);
  }

  /** dx += dy * mask. */
  @Override
  void backward(Program program) {
    startsGradient = program.startsGradient(x);
    program.samples(backwardSamples, mask, gradients(), x.gradients());
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    pass.kernels()
        .multiplyAccumulate(
            gradient(), mask.array(), x.gradient(), from * elements(), to * elements());
  }
}
