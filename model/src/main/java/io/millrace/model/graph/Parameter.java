package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.List;

/**
 * A tensor that is learned, unless it is frozen, in PyTorch's order: [oc][ic/groups][kh][kw],
 * [out][in] or [c].
 */
public final class Parameter extends Node {
  private final Tensor tensor;
  private final boolean frozen;

  /** A parameter of zeros that is learned. */
  public Parameter(String name, Shape shape) {
    this(name, shape, false);
  }

  /**
   * A parameter of zeros.
   *
   * @param frozen whether it stays as it is: then it has no gradient
   */
  public Parameter(String name, Shape shape, boolean frozen) {
    super(name, shape, List.of());
    this.frozen = frozen;
    this.tensor = Tensor.zeros(shape);
  }

  /** The live value: whoever initializes, restores or updates writes into its array. */
  public Tensor tensor() {
    return tensor;
  }

  @Override
  public boolean needsGradient() {
    return !frozen;
  }

  @Override
  int samples(int batch) {
    return 1;
  }

  /** The value is the tensor's own array, and the gradient is there for the optimizer. */
  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    buffers.remove(values());
    values().place(tensor.data());
    pin();
  }
}
