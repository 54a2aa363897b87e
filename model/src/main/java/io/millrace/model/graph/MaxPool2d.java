package io.millrace.model.graph;

import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.tensor.Shape;
import java.util.List;

/** y[n][oh][ow][c] = the largest x of the window; padding never is, the first of equals is. */
public final class MaxPool2d extends Operation {
  private final Pool2dShape shape;
  private final Node x;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private boolean startsGradient;
  private int[] argmax = {};

  /**
   * @param x [c, ih, iw]
   */
  public MaxPool2d(String name, Node x, Pool2dShape shape) {
    super(name, Shape.of(shape.c(), shape.oh(), shape.ow()), List.of(x));
    requireShape(name, "input", x.shape(), shape.c(), shape.ih(), shape.iw());
    this.shape = shape;
    this.x = x;
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    argmax = new int[values().elements()];
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    pass.kernels().maxPoolForward(shape, x.value(), value(), argmax, from, to);
  }

  /** dx at the largest of each window += dy. */
  @Override
  void backward(Program program) {
    startsGradient = program.startsGradient(x);
    program.samples(backwardSamples, gradients(), x.gradients());
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    pass.kernels().maxPoolBackward(shape, gradient(), argmax, x.gradient(), from, to);
  }
}
