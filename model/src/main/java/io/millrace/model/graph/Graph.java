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
  private final Arena arena;
  private final Program forward;
  private final Program backward;
  private final Program step;
  private final Workers.ShardTask prepareShare = this::prepareShare;

  /**
   * Collects the nodes and plans their work and memory.
   *
   * @param pass what the graph computes with from now on
   * @throws IllegalArgumentException if two nodes have one name
   * @throws IllegalStateException if a node belongs to another graph
   */
  public Graph(Operation output, Pass pass) {
    this(output, pass, new Arena());
  }

  /** A graph that gives each value memory of its own, so that all can be read after a pass. */
  public static Graph keepingValues(Operation output, Pass pass) {
    return new Graph(output, pass, new Arena(false));
  }

  Graph(Operation output, Pass pass, Arena arena) {
    this.output = output;
    this.arena = arena;
    this.pass = pass;
    nodes = sort(output);
    requireNames(nodes);
    List<Operation> operationList = new ArrayList<>();
    List<Buffer> buffers = new ArrayList<>();
    for (Node node : nodes) {
      node.allocate(pass, buffers);
      if (node instanceof Operation operation) {
        operationList.add(operation);
        pass.reserveWorkspace(operation.workspaceElements(pass.training()));
      }
    }
    operations = operationList.toArray(Operation[]::new);
    output.pin();
    forward = new Program(pass, !pass.training());
    backward = new Program(pass, false);
    step = new Program(pass, pass.training());
    addForward(forward);
    addForward(step);
    if (pass.training()) {
      addBackward(backward);
      addBackward(step);
    }
    arena.place(buffers);
  }

  private void addForward(Program program) {
    for (Node node : nodes) {
      switch (node) {
        case Input input -> input.load(program);
        case Operation operation -> {
          operation.forward(program);
          if (!pass.training()) {
            // Then memory is free again after each operation, which is worth the waiting.
            program.cut();
          }
        }
        case Parameter _ -> {}
      }
    }
  }

  private void addBackward(Program program) {
    for (int i = operations.length - 1; i >= 0; i--) {
      if (operations[i].needsGradient()) {
        operations[i].backward(program);
      }
    }
    program.end();
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

  /** Floats of values, gradients and partial sums, each counted as if it had memory of its own. */
  public long elementsUsed() {
    return arena.requested();
  }

  /** Floats taken for them: less, because what is not needed at the same time shares memory. */
  public long elementsReserved() {
    return arena.reserved();
  }

  /** Derives what depends on parameters alone, such as packed weights; after each change of one. */
  public void prepare() {
    pass.workers().run(prepareShare);
  }

  /** Computes the value of every operation for the minibatch that the pass began. */
  public void forward() {
    forward.run();
  }

  /**
   * Computes the gradient of every node that needs one, after a forward pass of the same minibatch.
   *
   * @param outputGradient the gradient of the output's value, in its order
   */
  public void backward(float[] outputGradient) {
    requireTraining();
    System.arraycopy(outputGradient, 0, output.gradient(), 0, pass.batchSize() * output.elements());
    backward.run();
  }

  /**
   * Computes values and then gradients, in one go.
   *
   * @param outputGradient the gradient of each element of the output's value
   */
  public void forwardAndBackward(float outputGradient) {
    requireTraining();
    Arrays.fill(output.gradient(), 0, pass.batchSize() * output.elements(), outputGradient);
    step.run();
  }

  /** Has the operations keep what they found out in the last pass of training. */
  public void accept() {
    for (Operation operation : operations) {
      operation.accept(pass);
    }
  }

  private void requireTraining() {
    if (!pass.training()) {
      throw new IllegalStateException(
          "backward: expected a graph built for training, got one built for evaluation");
    }
  }

  private void prepareShare(int shard) {
    int end = Workers.to(shard, operations.length);
    for (int i = Workers.from(shard, operations.length); i < end; i++) {
      operations[i].prepare(pass);
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
