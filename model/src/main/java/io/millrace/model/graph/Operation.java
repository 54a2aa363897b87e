package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * A node that computes its value from its inputs.
 *
 * <p>Letters in the comments: n sample, c channel, h, w height and width; x input, y value, dx and
 * dy their gradients. A backward pass contributes to the gradients of its inputs, and only to those
 * that need one: {@code dx += } in the comments, so that a value used twice collects both parts,
 * where the first to contribute starts from zero ({@link Program#startsGradient}).
 */
public abstract non-sealed class Operation extends Node {
  private final boolean needsGradient;

  Operation(String name, Shape shape, List<? extends Node> inputs) {
    super(name, shape, inputs);
    needsGradient = inputs.stream().anyMatch(Node::needsGradient);
  }

  @Override
  public final boolean needsGradient() {
    return needsGradient;
  }

  @Override
  final int samples(int batch) {
    return batch;
  }

  /** Derives what depends on the parameters alone; called whenever they may have changed. */
  void prepare(Pass pass) {}

  /** Floats of workspace that each thread needs during {@link #forward} and, training, backward. */
  int workspaceElements(boolean training) {
    return 0;
  }

  /** Adds the work that computes the value of the pass's samples. */
  abstract void forward(Program program);

  /** Adds the work that contributes to the inputs' gradients, given this node's own gradient. */
  abstract void backward(Program program);

  /**
   * Moves what a step of training leaves behind beside its gradients, such as running statistics;
   * not called where the step is refused.
   */
  void accept(Pass pass) {}

  /** Sets a gradient of samples [from, to) to zero, for its first contribution. */
  static void clearGradient(Node x, int from, int to) {
    Arrays.fill(x.gradient(), from * x.elements(), to * x.elements(), 0);
  }

  static Shape requireRank(String name, Node x, int rank) {
    if (x.shape().rank() != rank) {
      throw new IllegalArgumentException(
          "layer "
              + name
              + ": expected input "
              + (rank == 1 ? "[N, F]" : "[N, C, H, W]")
              + ", got "
              + withBatch(x.shape()));
    }
    return x.shape();
  }

  static void requireShape(String name, String what, Shape actual, int... expected) {
    if (!actual.equals(Shape.of(expected))) {
      throw new IllegalArgumentException(
          "layer " + name + ": expected " + what + " " + Shape.of(expected) + ", got " + actual);
    }
  }

  static String withBatch(Shape shape) {
    return shape.rank() == 0 ? "[N]" : "[N, " + shape.toString().substring(1);
  }
}
