package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/** What comes from outside: a minibatch of images or rows. */
public final class Input extends Node {
  private final boolean needsGradient;
  private final Pass.RangeTask loadSamples = this::loadSamples;
  private float[] source = EMPTY;
  private int firstSample;

  /** An input that nothing is differentiated by, as the images of a network. */
  public Input(String name, Shape shape) {
    this(name, shape, false);
  }

  /**
   * @param shape of one sample, [C, H, W] or [F]
   */
  public Input(String name, Shape shape, boolean needsGradient) {
    super(name, shape, List.of());
    this.needsGradient = needsGradient;
  }

  @Override
  public boolean needsGradient() {
    return needsGradient;
  }

  @Override
  int samples(int batch) {
    return batch;
  }

  /**
   * Where each forward pass from now on takes its samples.
   *
   * @param nchw [n][c][h][w] or [n][f], read when the pass runs
   */
  public void source(float[] nchw) {
    source(nchw, 0);
  }

  /** The same, where the pass's first sample is sample {@code first} of the array. */
  public void source(float[] nchw, int first) {
    source = nchw;
    firstSample = first;
  }

  /** Adds the work that takes the samples. */
  void load(Program program) {
    program.samples(loadSamples, values());
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    if (pass.training() && needsGradient) {
      gradients().pin();
    }
  }

  private void loadSamples(Pass pass, int shard, int from, int to) {
    ChannelsLast.fromNchw(shape(), source, firstSample, value(), from, to);
  }
}
