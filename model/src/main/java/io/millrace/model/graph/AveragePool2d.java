package io.millrace.model.graph;

import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.tensor.Shape;
import java.util.List;

/** y[n][oh][ow][c] = sum of the window's x / (kh*kw); padding counts as zeros. */
public final class AveragePool2d extends Operation {
  private final Pool2dShape shape;
  private final Node x;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;
  private boolean startsGradient;

  /**
   * @param x [c, ih, iw]
   */
  public AveragePool2d(String name, Node x, Pool2dShape shape) {
    this(name, x, shape, Shape.of(shape.c(), shape.oh(), shape.ow()));
  }

  private AveragePool2d(String name, Node x, Pool2dShape shape, Shape output) {
    super(name, output, List.of(x));
    requireShape(name, "input", x.shape(), shape.c(), shape.ih(), shape.iw());
    this.shape = shape;
    this.x = x;
  }

  /** The mean of each channel, [C, H, W] to [C]: one window of the image's size. */
  public static AveragePool2d global(String name, Node x) {
    Shape image = requireRank(name, x, 3);
    int c = image.extent(0);
    int h = image.extent(1);
    int w = image.extent(2);
    return new AveragePool2d(name, x, new Pool2dShape(c, h, w, h, w, 1, 1, 0, 0), Shape.of(c));
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, x.values(), values());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    pass.kernels().averagePoolForward(shape, x.value(), value(), from, to);
  }

  /** dx += dy / (kh*kw) for every x of the window. */
  @Override
  void backward(Program program) {
    startsGradient = program.startsGradient(x);
    program.samples(backwardSamples, gradients(), x.gradients());
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(x, from, to);
    }
    pass.kernels().averagePoolBackward(shape, gradient(), x.gradient(), from, to);
  }
}
