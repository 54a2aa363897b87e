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
  private float[] mask = EMPTY;

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
  void allocate(Pass pass) {
    super.allocate(pass);
    mask = pass.training() ? new float[value().length] : EMPTY;
  }

  @Override
  void forward(Pass pass) {
    pass.overSamples(forwardSamples);
  }

  private void forwardSamples(Pass pass, int shard, int fromSample, int toSample) {
    int from = fromSample * elements();
    int to = toSample * elements();
    if (!pass.training()) {
      System.arraycopy(x.value(), from, value(), from, to - from);
      return;
    }
    for (int i = from; i < to; i++) {
      float uniform = CounterRandom.uniform(pass.seed(), pass.step(), site, i);
      mask[i] = uniform < probability ? 0 : kept;
    }
    pass.kernels().multiply(x.value(), mask, value(), from, to);
  }

  /** dx += dy * mask. */
  @Override
  void backward(Pass pass) {
    pass.overSamples(backwardSamples);
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    pass.kernels()
        .multiplyAccumulate(gradient(), mask, x.gradient(), from * elements(), to * elements());
  }
}
