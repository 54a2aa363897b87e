package io.millrace.model.network;

import io.millrace.model.graph.Add;
import io.millrace.model.graph.AveragePool2d;
import io.millrace.model.graph.BatchNorm2d;
import io.millrace.model.graph.Concat;
import io.millrace.model.graph.Conv2d;
import io.millrace.model.graph.Dropout;
import io.millrace.model.graph.Flatten;
import io.millrace.model.graph.FoldedConv2d;
import io.millrace.model.graph.Input;
import io.millrace.model.graph.LeakyRelu;
import io.millrace.model.graph.Linear;
import io.millrace.model.graph.Loss;
import io.millrace.model.graph.MaxPool2d;
import io.millrace.model.graph.Node;
import io.millrace.model.graph.Operation;
import io.millrace.model.graph.Parameter;
import io.millrace.model.graph.PooledConv2d;
import io.millrace.model.graph.SoftmaxCrossEntropy;
import io.millrace.model.graph.SquaredError;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Pool2dShape;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a specification, whose shapes and names were checked, into nodes. */
public final class NetworkBuilder {
  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();

  private final boolean training;
  private final Set<String> frozen;

  private NetworkBuilder(boolean training, Set<String> frozen) {
    this.training = training;
    this.frozen = Set.copyOf(frozen);
  }

  /**
   * The nodes of {@code spec}, fused as {@link Fusion} says; parameters and buffers are zeros.
   *
   * @param training whether gradients will be computed
   */
  public static Network build(NetworkSpec spec, boolean training) {
    return new NetworkBuilder(training, Set.of()).buildNodes(spec);
  }

  /**
   * The nodes of {@code spec} for training, fused as {@link Fusion} says.
   *
   * @param frozen the names of parameters that have no gradient
   */
  public static Network buildForTraining(NetworkSpec spec, Set<String> frozen) {
    return new NetworkBuilder(true, frozen).buildNodes(spec);
  }

  /** The node of a loss of {@code scores}. */
  public static Loss loss(LossSpec loss, Operation scores) {
    return switch (loss) {
      case SOFTMAX_CROSS_ENTROPY -> new SoftmaxCrossEntropy("loss/" + loss.text(), scores);
      case SQUARED_ERROR -> new SquaredError("loss/" + loss.text(), scores);
    };
  }

  private Network buildNodes(NetworkSpec spec) {
    for (ParameterSpec tensor : NetworkParameters.list(spec)) {
      if (tensor.role().trained()) {
        parameters.put(
            tensor.name(),
            new Parameter(tensor.name(), tensor.shape(), frozen.contains(tensor.name())));
      } else {
        buffers.put(tensor.name(), Tensor.zeros(tensor.shape()));
      }
    }
    Input input = new Input(NetworkSpec.INPUT, spec.input());
    nodes.put(NetworkSpec.INPUT, input);
    Operation last = null;
    Map<String, List<NodeSpec>> chains = Fusion.chains(spec, training);
    for (NodeSpec node : spec.nodes()) {
      List<NodeSpec> chain = chains.get(node.name());
      if (chain != null) {
        last = operation(chain);
        nodes.put(node.name(), last);
      }
    }
    if (last == null) {
      throw new IllegalArgumentException("network " + spec.name() + ": expected a layer, got none");
    }
    return new Network(input, last, List.copyOf(parameters.values()), buffers);
  }

  private Operation operation(List<NodeSpec> chain) {
    NodeSpec head = chain.getFirst();
    String name = head.name();
    List<Node> inputs = new ArrayList<>();
    head.inputs().forEach(input -> inputs.add(required(nodes.get(input), input)));
    Node x = inputs.getFirst();
    return switch (head.operation()) {
      case OperationSpec.Conv2d conv -> convolution(chain, x, conv);
      case OperationSpec.BatchNorm2d norm -> batchNorm(chain, x, norm);
      case OperationSpec.Linear linear ->
          new Linear(name, x, weight(name), bias(name, linear.bias()));
      case OperationSpec.Relu _ -> new LeakyRelu(name, x, 0);
      case OperationSpec.LeakyRelu relu -> new LeakyRelu(name, x, relu.negativeSlope());
      case OperationSpec.MaxPool2d pool -> new MaxPool2d(name, x, shape(pool, x.shape()));
      case OperationSpec.AveragePool2d pool ->
          new AveragePool2d(
              name, x, shape(x.shape(), pool.kernel(), pool.stride(), pool.padding()));
      case OperationSpec.GlobalAveragePool _ -> AveragePool2d.global(name, x);
      case OperationSpec.Dropout dropout ->
          new Dropout(name, x, dropout.probability(), Sites.dropout(name));
      case OperationSpec.Flatten _ -> new Flatten(name, x);
      case OperationSpec.Add _ -> new Add(name, inputs);
      case OperationSpec.Concat _ -> new Concat(name, inputs);
    };
  }

  private Operation convolution(List<NodeSpec> chain, Node x, OperationSpec.Conv2d conv) {
    String name = chain.getFirst().name();
    Parameter bias = bias(name, conv.bias());
    Conv2dShape shape = shape(conv, x.shape());
    if (chain.size() > 1 && chain.get(1).operation() instanceof OperationSpec.BatchNorm2d norm) {
      String layer = chain.get(1).name();
      FoldedConv2d.Norm folded =
          new FoldedConv2d.Norm(
              weight(layer),
              parameter(layer + ".bias"),
              buffer(layer + ".running_mean").data(),
              buffer(layer + ".running_var").data(),
              norm.epsilon());
      return new FoldedConv2d(
          name, x, weight(name), bias, shape, folded, shortcut(chain), hasRelu(chain));
    }
    for (NodeSpec node : chain) {
      if (node.operation() instanceof OperationSpec.MaxPool2d pool) {
        Pool2dShape window = shape(pool, Shape.of(shape.oc(), shape.oh(), shape.ow()));
        return new PooledConv2d(name, x, weight(name), bias, shape, window, hasRelu(chain));
      }
    }
    return new Conv2d(name, x, weight(name), bias, shape, hasRelu(chain));
  }

  private Operation batchNorm(List<NodeSpec> chain, Node x, OperationSpec.BatchNorm2d norm) {
    String name = chain.getFirst().name();
    return new BatchNorm2d(
        name,
        x,
        weight(name),
        parameter(name + ".bias"),
        buffer(name + ".running_mean"),
        buffer(name + ".running_var"),
        norm.epsilon(),
        norm.momentum(),
        shortcut(chain),
        hasRelu(chain));
  }

  private static boolean hasRelu(List<NodeSpec> chain) {
    return chain.stream().anyMatch(node -> node.operation() instanceof OperationSpec.Relu);
  }

  /** What a chain adds to its own value, or null if it adds nothing. */
  private @Nullable Node shortcut(List<NodeSpec> chain) {
    for (int i = 1; i < chain.size(); i++) {
      if (chain.get(i).operation() instanceof OperationSpec.Add) {
        List<String> others = new ArrayList<>(chain.get(i).inputs());
        others.remove(chain.get(i - 1).name());
        return required(nodes.get(others.getFirst()), others.getFirst());
      }
    }
    return null;
  }

  private Parameter weight(String layer) {
    return parameter(layer + ".weight");
  }

  private @Nullable Parameter bias(String layer, boolean present) {
    return present ? parameter(layer + ".bias") : null;
  }

  private Parameter parameter(String name) {
    return required(parameters.get(name), name);
  }

  private Tensor buffer(String name) {
    return required(buffers.get(name), name);
  }

  private static <T> T required(@Nullable T found, String name) {
    if (found == null) {
      throw new IllegalArgumentException("network: expected " + name + " to be there, got none");
    }
    return found;
  }

  /** The geometry of a convolution of an input [C, H, W]. */
  public static Conv2dShape shape(OperationSpec.Conv2d conv, Shape x) {
    return new Conv2dShape(
        x.extent(0),
        x.extent(1),
        x.extent(2),
        conv.outChannels(),
        conv.kernel().height(),
        conv.kernel().width(),
        conv.stride().height(),
        conv.stride().width(),
        conv.padding().height(),
        conv.padding().width(),
        conv.dilation().height(),
        conv.dilation().width(),
        conv.groups());
  }

  /** The geometry of a max pooling of an input [C, H, W]. */
  static Pool2dShape shape(OperationSpec.MaxPool2d pool, Shape x) {
    return shape(x, pool.kernel(), pool.stride(), pool.padding());
  }

  private static Pool2dShape shape(Shape x, Size2d kernel, Size2d stride, Size2d padding) {
    return new Pool2dShape(
        x.extent(0),
        x.extent(1),
        x.extent(2),
        kernel.height(),
        kernel.width(),
        stride.height(),
        stride.width(),
        padding.height(),
        padding.width());
  }
}
