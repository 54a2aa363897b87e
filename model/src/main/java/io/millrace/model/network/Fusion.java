package io.millrace.model.network;

import io.millrace.model.kernel.PooledConvolution;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which layers of a network are computed as one, so that a value crosses memory once: a convolution
 * with the ReLU behind it, and with the max pooling where its gradients are better computed from
 * what that chose; a batch norm with the sum and the ReLU behind it; for prediction, whose
 * statistics are fixed, the convolution in front of a batch norm as well. Only a value that nobody
 * else takes is left out.
 */
public final class Fusion {
  private final boolean training;
  private final Map<String, Shape> shapes;
  private final Map<String, List<NodeSpec>> consumers = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Map<String, List<NodeSpec>> chains = new HashMap<>();

  private Fusion(NetworkSpec spec, boolean training) {
    this.training = training;
    this.shapes = NetworkShapes.infer(spec);
    for (NodeSpec node : spec.nodes()) {
      for (String input : node.inputs()) {
        consumers.computeIfAbsent(input, _ -> new ArrayList<>()).add(node);
      }
    }
    for (NodeSpec node : spec.nodes()) {
      if (!taken.contains(node.name())) {
        List<NodeSpec> chain = chainFrom(node);
        chain.forEach(member -> taken.add(member.name()));
        chains.put(chain.getLast().name(), chain);
      }
    }
  }

  /**
   * The layers of a network in chains, by the name of each chain's last layer; most are of one
   * layer.
   *
   * @param training whether gradients will be computed
   */
  public static Map<String, List<NodeSpec>> chains(NetworkSpec spec, boolean training) {
    return Map.copyOf(new Fusion(spec, training).chains);
  }

  private List<NodeSpec> chainFrom(NodeSpec head) {
    List<NodeSpec> chain = new ArrayList<>(List.of(head));
    boolean norm = head.operation() instanceof OperationSpec.BatchNorm2d;
    boolean convolution = head.operation() instanceof OperationSpec.Conv2d;
    if (!norm && !convolution) {
      return chain;
    }
    if (convolution && !training) {
      norm = extend(chain, OperationSpec.BatchNorm2d.class);
    }
    if (norm && takesTwo(onlyConsumer(chain))) {
      extend(chain, OperationSpec.Add.class);
    }
    boolean relu = extend(chain, OperationSpec.Relu.class);
    if (head.operation() instanceof OperationSpec.Conv2d conv
        && !norm
        && onlyConsumer(chain) instanceof NodeSpec(_, OperationSpec.MaxPool2d pool, _)
        && poolingSuits(head, conv, pool)
        && extend(chain, OperationSpec.MaxPool2d.class)
        && !relu) {
      extend(chain, OperationSpec.Relu.class);
    }
    return chain;
  }

  private static boolean takesTwo(@Nullable NodeSpec node) {
    return node != null && node.inputs().size() == 2;
  }

  private boolean poolingSuits(
      NodeSpec head, OperationSpec.Conv2d conv, OperationSpec.MaxPool2d pool) {
    Shape input = NetworkShapes.inputsOf(head, shapes).getFirst();
    Shape value = NetworkShapes.outputOf(head, shapes);
    return PooledConvolution.suits(
        NetworkBuilder.shape(conv, input), NetworkBuilder.shape(pool, value));
  }

  private boolean extend(List<NodeSpec> chain, Class<? extends OperationSpec> by) {
    NodeSpec next = onlyConsumer(chain);
    return next != null
        && by.isInstance(next.operation())
        && !taken.contains(next.name())
        && chain.add(next);
  }

  private @Nullable NodeSpec onlyConsumer(List<NodeSpec> chain) {
    List<NodeSpec> all = consumers.getOrDefault(chain.getLast().name(), List.of());
    return all.size() == 1 ? all.getFirst() : null;
  }
}
