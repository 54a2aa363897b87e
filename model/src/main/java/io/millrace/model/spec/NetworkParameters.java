package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every tensor of a network, known without building it. */
public final class NetworkParameters {
  private NetworkParameters() {}

  /**
   * The tensors in the order of the layers; within a layer weight, bias, running_mean, running_var.
   */
  public static List<ParameterSpec> list(NetworkSpec network) {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    List<ParameterSpec> parameters = new ArrayList<>();
    for (NodeSpec node : network.nodes()) {
      parameters.addAll(of(node, NetworkShapes.inputsOf(node, shapes)));
    }
    return List.copyOf(parameters);
  }

  /** The tensors of one layer that takes {@code inputs}, shapes of one image. */
  public static List<ParameterSpec> of(NodeSpec node, List<Shape> inputs) {
    int features = inputs.getFirst().extent(0);
    return switch (node.operation()) {
      case OperationSpec.Conv2d conv ->
          weightAndBias(
              node,
              NetworkShapes.shape(
                  node,
                  conv.outChannels(),
                  features / conv.groups(),
                  conv.kernel().height(),
                  conv.kernel().width()),
              conv.bias());
      case OperationSpec.Linear linear ->
          weightAndBias(
              node, NetworkShapes.shape(node, linear.outFeatures(), features), linear.bias());
      case OperationSpec.BatchNorm2d _ -> {
        Shape channels = Shape.of(features);
        yield List.of(
            parameter(node, "weight", channels, ParameterSpec.Role.NORM_WEIGHT),
            parameter(node, "bias", channels, ParameterSpec.Role.NORM_BIAS),
            parameter(node, "running_mean", channels, ParameterSpec.Role.RUNNING_MEAN),
            parameter(node, "running_var", channels, ParameterSpec.Role.RUNNING_VAR));
      }
      case OperationSpec.Relu _,
          OperationSpec.LeakyRelu _,
          OperationSpec.MaxPool2d _,
          OperationSpec.AveragePool2d _,
          OperationSpec.GlobalAveragePool _,
          OperationSpec.Dropout _,
          OperationSpec.Flatten _,
          OperationSpec.Add _,
          OperationSpec.Concat _ ->
          List.of();
    };
  }

  private static List<ParameterSpec> weightAndBias(NodeSpec node, Shape weight, boolean bias) {
    ParameterSpec first = parameter(node, "weight", weight, ParameterSpec.Role.WEIGHT);
    return bias
        ? List.of(
            first, parameter(node, "bias", Shape.of(weight.extent(0)), ParameterSpec.Role.BIAS))
        : List.of(first);
  }

  private static ParameterSpec parameter(
      NodeSpec node, String tensor, Shape shape, ParameterSpec.Role role) {
    return new ParameterSpec(node.name() + "." + tensor, shape, role);
  }
}
