package io.millrace.benchmarks.onnx;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network and its weights as an ONNX model, for the layers of the networks that ship. Values are
 * called as their layers are, weights as Millrace calls them. The numbers of fields are those of
 * onnx.proto.
 */
public final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int OPSET = 17;
  private static final int FLOAT = 1;

  // AttributeProto.AttributeType
  private static final int ATTRIBUTE_FLOAT = 1;
  private static final int ATTRIBUTE_INT = 2;
  private static final int ATTRIBUTE_INTS = 7;

  private OnnxModel() {}

  /**
   * The bytes of a ModelProto that gives the scores [n, classes] of images [n, c, h, w].
   *
   * @param weights by name, batch norm's running statistics among them
   * @param n images of a batch, fixed
   */
  public static byte[] bytes(NetworkSpec network, Map<String, Tensor> weights, int n) {
    Message graph = new Message();
    for (NodeSpec node : network.nodes()) {
      if (node.operation() instanceof OperationSpec.GlobalAveragePool) {
        String pooled = node.name() + ".pooled";
        graph.message(1, node("GlobalAveragePool", node.inputs(), pooled));
        // It keeps two dimensions of extent 1, which ours drops.
        graph.message(1, node("Flatten", List.of(pooled), node.name()));
      } else {
        graph.message(1, node(node));
      }
    }
    graph.text(2, network.name());
    for (ParameterSpec parameter : NetworkParameters.list(network)) {
      Tensor tensor = Objects.requireNonNull(weights.get(parameter.name()));
      graph.message(5, initializer(parameter.name(), tensor));
    }
    int[] input = network.input().toArray();
    graph.message(11, value(NetworkSpec.INPUT, n, input[0], input[1], input[2]));
    graph.message(12, value(network.output(), n, network.classes()));
    return new Message()
        .number(1, IR_VERSION)
        .text(2, "millrace")
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, OPSET))
        .toByteArray();
  }

  private static Message node(NodeSpec node) {
    List<String> inputs = new ArrayList<>(node.inputs());
    List<Message> attributes = new ArrayList<>();
    switch (node.operation()) {
      case OperationSpec.Conv2d conv -> {
        inputs.addAll(weightAndBias(node, conv.bias()));
        attributes.add(integers("kernel_shape", extents(conv.kernel())));
        attributes.add(integers("strides", extents(conv.stride())));
        attributes.add(integers("dilations", extents(conv.dilation())));
        attributes.add(integers("pads", bothSides(conv.padding())));
        attributes.add(integer("group", conv.groups()));
      }
      case OperationSpec.Linear linear -> {
        inputs.addAll(weightAndBias(node, linear.bias()));
        attributes.add(integer("transB", 1));
      }
      case OperationSpec.MaxPool2d pool -> {
        attributes.add(integers("kernel_shape", extents(pool.kernel())));
        attributes.add(integers("strides", extents(pool.stride())));
        attributes.add(integers("pads", bothSides(pool.padding())));
      }
      case OperationSpec.BatchNorm2d norm -> {
        inputs.addAll(weightAndBias(node, true));
        inputs.add(node.name() + ".running_mean");
        inputs.add(node.name() + ".running_var");
        attributes.add(real("epsilon", norm.epsilon()));
      }
      default -> {}
    }
    Message message = node(type(node), inputs, node.name());
    attributes.forEach(attribute -> message.message(5, attribute));
    return message;
  }

  private static Message node(String type, List<String> inputs, String output) {
    Message message = new Message();
    inputs.forEach(input -> message.text(1, input));
    return message.text(2, output).text(3, output).text(4, type);
  }

  private static String type(NodeSpec node) {
    return switch (node.operation()) {
      case OperationSpec.Conv2d _ -> "Conv";
      case OperationSpec.Linear _ -> "Gemm";
      case OperationSpec.Relu _ -> "Relu";
      case OperationSpec.MaxPool2d _ -> "MaxPool";
      case OperationSpec.BatchNorm2d _ -> "BatchNormalization";
      case OperationSpec.Flatten _ -> "Flatten";
      case OperationSpec.Add _ when node.inputs().size() == 2 -> "Add";
      default ->
          throw new IllegalArgumentException(
              "layer " + node.name() + ": " + node.operation() + " is not written to ONNX yet");
    };
  }

  private static List<String> weightAndBias(NodeSpec node, boolean bias) {
    String weight = node.name() + ".weight";
    return bias ? List.of(weight, node.name() + ".bias") : List.of(weight);
  }

  private static Message initializer(String name, Tensor tensor) {
    ByteBuffer raw =
        ByteBuffer.allocate(tensor.data().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(tensor.data());
    Message message = new Message();
    for (int extent : tensor.shape().toArray()) {
      message.number(1, extent);
    }
    return message.number(2, FLOAT).text(8, name).bytes(9, raw.array());
  }

  private static Message value(String name, int... extents) {
    Message shape = new Message();
    for (int extent : extents) {
      shape.message(1, new Message().number(1, extent));
    }
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  private static Message integer(String name, int value) {
    return new Message().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  private static Message real(String name, float value) {
    return new Message().text(1, name).real(2, value).number(20, ATTRIBUTE_FLOAT);
  }

  private static Message integers(String name, int... values) {
    Message message = new Message().text(1, name);
    for (int value : values) {
      message.number(8, value);
    }
    return message.number(20, ATTRIBUTE_INTS);
  }

  private static int[] extents(Size2d size) {
    return new int[] {size.height(), size.width()};
  }

  /** Top, left, bottom, right. */
  private static int[] bothSides(Size2d padding) {
    return new int[] {padding.height(), padding.width(), padding.height(), padding.width()};
  }
}
