package io.millrace.app.network;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.network.Fusion;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.model.training.Learner;
import io.millrace.model.training.Memory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How training computes a network: which layers as one, which way, and in how much memory. */
final class KernelTable {
  private static final String NONE = "-";

  /** Gradients from the largest value of each window alone. */
  private static final String POOLED = "of maxima";

  private KernelTable() {}

  /** The table, and what a step needs for minibatches of {@code batch} on so many threads. */
  static String of(NetworkSpec network, int batch, int threads) {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    Map<String, List<NodeSpec>> chains = Fusion.chains(network, true);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("layer", "fused with", "forward", "backward input", "backward weight"));
    for (NodeSpec node : network.nodes()) {
      List<NodeSpec> chain = chains.getOrDefault(node.name(), List.of());
      if (!chain.isEmpty()) {
        NodeSpec head = chain.getFirst();
        if (head.operation() instanceof OperationSpec.Conv2d conv) {
          rows.add(convolution(chain, conv, NetworkShapes.inputsOf(head, shapes).getFirst()));
        } else if (chain.size() > 1) {
          rows.add(List.of(head.name(), others(chain), NONE, NONE, NONE));
        }
      }
    }
    StringBuilder out = new StringBuilder();
    NetworkTable.append(out, rows);
    if (rows.size() > 1 && hasNorms(network)) {
      out.append("\nFor prediction, a batch norm is folded into the convolution in front of it.\n");
    }
    return out.append('\n').append(memory(network, batch, threads)).toString();
  }

  private static List<String> convolution(
      List<NodeSpec> chain, OperationSpec.Conv2d conv, Shape input) {
    NodeSpec head = chain.getFirst();
    Conv2dPlan plan = Conv2dPlan.of(NetworkBuilder.shape(conv, input));
    boolean first = head.inputs().contains(NetworkSpec.INPUT);
    boolean pooled =
        chain.stream().anyMatch(node -> node.operation() instanceof OperationSpec.MaxPool2d);
    return List.of(
        head.name(),
        others(chain),
        plan.forward().toString(),
        first ? NONE : pooled ? POOLED : plan.backwardInput().toString(),
        pooled ? POOLED : plan.backwardWeight().toString());
  }

  private static String others(List<NodeSpec> chain) {
    return chain.size() == 1
        ? NONE
        : chain.stream().skip(1).map(NodeSpec::name).collect(Collectors.joining(" + "));
  }

  private static boolean hasNorms(NetworkSpec network) {
    return network.nodes().stream()
        .anyMatch(node -> node.operation() instanceof OperationSpec.BatchNorm2d);
  }

  private static String memory(NetworkSpec network, int batch, int threads) {
    try (Learner learner =
        Learner.create(
            network,
            OptimizerSpec.heavyBall(0.9f, 0),
            new ConstantSchedule(0.01),
            0,
            InitializationSpec.withDefaults(),
            batch,
            threads,
            new ScalarKernels())) {
      Memory memory = learner.memory();
      return """
      Memory of a step, minibatches of %d, threads %d: %s
        values, gradients, partial sums  %s (%s if none shared)
        workspaces of threads            %s
        parameters and momentum          %s
      """
          .formatted(
              batch,
              threads,
              NetworkTable.bytes(memory.total()),
              NetworkTable.bytes(memory.pass()),
              NetworkTable.bytes(memory.passUnshared()),
              NetworkTable.bytes(memory.workspaces()),
              NetworkTable.bytes(memory.state()));
    }
  }
}
