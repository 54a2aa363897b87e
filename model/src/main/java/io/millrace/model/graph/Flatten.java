package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * [C, H, W] to [C*H*W] in the order of [c][h][w], which is PyTorch's, so that the weights of a
 * linear layer behind it compare.
 */
public final class Flatten extends Operation {
  private final Node x;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private boolean startsGradient;

  public Flatten(String name, Node x) {
    super(name, Shape.of(x.elements()), List.of(x));
    this.x = x;
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    ChannelsLast.toNchw(x.shape(), x.value(), value(), from, to);
  }

  /** dx[n][h][w][c] += dy[n][c][h][w]. */
  @Override
  void backward(Program program) {
    startsGradient = program.startsGradient(x);
    program.samples(backwardSamples, gradients(), x.gradients());
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    ChannelsLast.addFromNchw(x.shape(), gradient(), x.gradient(), from, to);
  }
}
