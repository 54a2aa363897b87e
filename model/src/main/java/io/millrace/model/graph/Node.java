package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * A value in the graph and, in training, the gradient of the loss with respect to it. A node knows
 * its inputs from its construction on, so that a graph cannot have a cycle.
 *
 * <p>A node owns its arrays: its value is written by its own forward pass (a parameter's by the
 * optimizer), its gradient is added to by the backward passes of those who take it.
 */
public abstract sealed class Node permits Input, Parameter, Operation {
  static final float[] EMPTY = {};

  /** Some JVMs keep a few words of an array for themselves. */
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 64;

  private final String name;
  private final Shape shape;
  private final int elements;
  private final List<Node> inputs;
  private float[] value = EMPTY;
  private float[] gradient = EMPTY;
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
    return value;
  }

  /** In the order of {@link #value()}; empty where no gradient is needed. */
  public final float[] gradient() {
    return gradient;
  }

  /** Whether the loss is differentiated with respect to this node. */
  public abstract boolean needsGradient();

  /** How many samples' elements the value holds: a parameter's does not grow with the minibatch. */
  abstract int samples(int batch);

  /** Makes the arrays for the largest minibatch; called once, by the graph that takes the node. */
  void allocate(Pass pass) {
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
    int length = samples * elements;
    value = initialValue(length);
    if (pass.training() && needsGradient()) {
      gradient = new float[length];
    }
  }

  float[] initialValue(int length) {
    return new float[length];
  }

  @Override
  public final String toString() {
    return name + shape;
  }
}
