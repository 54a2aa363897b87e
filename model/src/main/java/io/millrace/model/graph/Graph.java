package io.millrace.model.graph;

import io.millrace.model.kernel.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All nodes that an output depends on, in an order where each stands after its inputs: any directed
 * acyclic graph. Passes allocate nothing.
 */
public final class Graph {
  private final Operation output;
  private final Pass pass;
  private final List<Node> nodes;
  private final Operation[] operations;
  private final Node[] differentiated;
  private final Pass.RangeTask zeroGradients = this::zeroGradients;
  private final Pass.RangeTask prepareShare = this::prepareShare;

  /**
   * Collects the nodes and makes their arrays.
   *
   * @param pass what the graph computes with from now on
   * @throws IllegalArgumentException if two nodes have one name
   * @throws IllegalStateException if a node belongs to another graph
   */
  public Graph(Operation output, Pass pass) {
    this.output = output;
    this.pass = pass;
    nodes = sort(output);
    requireNames(nodes);
    List<Operation> operationList = new ArrayList<>();
    List<Node> differentiatedList = new ArrayList<>();
    for (Node node : nodes) {
      node.allocate(pass);
      if (pass.training() && node.needsGradient()) {
        differentiatedList.add(node);
      }
      if (node instanceof Operation operation) {
        operationList.add(operation);
        pass.reserveScratch(pass.training() ? operation.scratchElements() : 0);
        pass.reserveWorkspace(operation.workspaceElements(pass.training()));
      }
    }
    operations = operationList.toArray(Operation[]::new);
    differentiated = differentiatedList.toArray(Node[]::new);
  }

  /** In topological order, each node once. */
  public List<Node> nodes() {
    return nodes;
  }

  public Operation output() {
    return output;
  }

  public Pass pass() {
    return pass;
  }

  /** Derives what depends on parameters alone, such as packed weights; after each change of one. */
  public void prepare() {
    pass.over(operations.length, prepareShare);
  }

  /** Computes the value of every operation for the minibatch that the pass began. */
  public void forward() {
    for (Operation operation : operations) {
      operation.forward(pass);
    }
  }

  /**
   * Computes the gradient of every node that needs one, after a forward pass of the same minibatch.
   *
   * @param outputGradient the gradient of the output's value, in its order
   */
  public void backward(float[] outputGradient) {
    if (!pass.training()) {
      throw new IllegalStateException(
          "backward: expected a graph built for training, got one built for evaluation");
    }
    pass.over(Workers.SHARDS, zeroGradients);
    System.arraycopy(outputGradient, 0, output.gradient(), 0, pass.batchSize() * output.elements());
    for (int i = operations.length - 1; i >= 0; i--) {
      if (operations[i].needsGradient()) {
        operations[i].backward(pass);
      }
    }
  }

  private void zeroGradients(Pass p, int shard, int from, int to) {
    for (Node node : differentiated) {
      int length = node.samples(p.batchSize()) * node.elements();
      Arrays.fill(node.gradient(), Workers.from(shard, length), Workers.to(shard, length), 0);
    }
  }

  private void prepareShare(Pass p, int shard, int from, int to) {
    for (int i = from; i < to; i++) {
      operations[i].prepare(p);
    }
  }

  /** Depth first, with a stack of its own: networks may be deeper than the thread's. */
  private static List<Node> sort(Node output) {
    Set<Node> sorted = new LinkedHashSet<>();
    Deque<Node> open = new ArrayDeque<>();
    open.push(output);
    while (!open.isEmpty()) {
      Node node = open.element();
      boolean ready = true;
      for (Node input : node.inputs()) {
        if (!sorted.contains(input)) {
          open.push(input);
          ready = false;
        }
      }
      if (ready) {
        sorted.add(open.pop());
      }
    }
    return List.copyOf(sorted);
  }

  private static void requireNames(List<Node> nodes) {
    Set<String> names = new HashSet<>();
    for (Node node : nodes) {
      if (!names.add(node.name())) {
        throw new IllegalArgumentException(
            "graph: expected one node of each name, got two named " + node.name());
      }
    }
  }
}
