package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * A value in the graph and, in training, the gradient of the loss with respect to it. A node knows
 * its inputs from its construction on, so that a graph cannot have a cycle.
 *
 * <p>A value is written by the node's own forward pass (a parameter's by the optimizer). A gradient
 * is written by the backward passes of those who take the node: the first sets it, the others add.
 * Memory is the graph's, and only what {@link #pin} keeps may be read between passes.
 */
public abstract sealed class Node permits Input, Parameter, Operation {
  static final float[] EMPTY = {};

  /** Some JVMs keep a few words of an array for themselves. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;

  private final String name;
  private final Shape shape;
  private final int elements;
  private final List<Node> inputs;
  private Buffer values = new Buffer(0);
  private Buffer gradients = new Buffer(0);
  private boolean allocated;

  Node(String name, Shape shape, List<? extends Node> inputs) {
    this.name = name;
    this.shape = shape;
    this.elements = shape.elements();
    this.inputs = List.copyOf(inputs);
  }

  public final String name() {
    return name;
  }

  /** The shape of one sample's value, without N; a parameter's whole shape. */
  public final Shape shape() {
    return shape;
  }

  /** The elements of one sample's value; of a parameter's whole value. */
  public final int elements() {
    return elements;
  }

  public final List<Node> inputs() {
    return inputs;
  }

  /** [n][h][w][c] or [n][f], with room for the largest minibatch; a parameter's own order. */
  public final float[] value() {
    return values.array();
  }

  /** In the order of {@link #value()}; empty where no gradient is needed. */
  public final float[] gradient() {
    return gradients.array();
  }

  /** Where the value lies. */
  final Buffer values() {
    return values;
  }

  /** Where the gradient lies. */
  final Buffer gradients() {
    return gradients;
  }

  /** Whether the loss is differentiated with respect to this node. */
  public abstract boolean needsGradient();

  /** How many samples' elements the value holds: a parameter's does not grow with the minibatch. */
  abstract int samples(int batch);

  /**
   * Asks for memory for the largest minibatch; called once, by the graph that takes the node.
   *
   * @param buffers what the graph has to place
   */
  void allocate(Pass pass, List<Buffer> buffers) {
    if (allocated) {
      throw new IllegalStateException(
          "node " + name + ": expected a node of one graph, got it in a second; build new nodes");
    }
    int samples = samples(pass.maxBatch());
    if ((long) samples * elements > LONGEST_ARRAY) {
      throw new IllegalArgumentException(
          "layer "
              + name
              + ": expected at most "
              + LONGEST_ARRAY / elements
              + " samples of "
              + elements
              + " elements, which is what one array can hold, got "
              + samples
              + "; use smaller minibatches");
    }
    allocated = true;
    values = new Buffer(samples * elements);
    buffers.add(values);
    if (pass.training() && needsGradient()) {
      gradients = new Buffer(samples * elements);
      buffers.add(gradients);
    }
  }

  /** Keeps value and gradient, for whoever reads them between passes. */
  final void pin() {
    values.pin();
    gradients.pin();
  }

  @Override
  public final String toString() {
    return name + shape;
  }
}
