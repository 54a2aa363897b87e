package io.millrace.model.onnx;

import io.millrace.model.protobuf.ProtoMessage;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.Size2d;
import java.util.ArrayList;
import java.util.List;

/** A network's layers as nodes of an ONNX graph; field numbers are those of onnx.proto. */
final class OnnxNodes {
  // GraphProto
  private static final int GRAPH_NODE = 1;

  // NodeProto
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OPERATOR = 4;
  private static final int ATTRIBUTE = 5;

  // AttributeProto and its AttributeType
  private static final int ATTRIBUTE_NAME = 1;
  private static final int REAL = 2;
  private static final int INTEGER = 3;
  private static final int INTEGERS = 8;
  private static final int TYPE = 20;
  private static final int TYPE_REAL = 1;
  private static final int TYPE_INTEGER = 2;
  private static final int TYPE_INTEGERS = 7;

  private final ProtoMessage graph;
  private final ValueNames names;

  OnnxNodes(ProtoMessage graph, ValueNames names) {
    this.graph = graph;
    this.names = names;
  }

  /** Adds a layer. */
  void layer(NodeSpec node) {
    String output = names.of(node.name());
    List<String> inputs = new ArrayList<>();
    node.inputs().forEach(input -> inputs.add(names.of(input)));
    switch (node.operation()) {
      case OperationSpec.Conv2d conv -> {
        inputs.addAll(weightAndBias(node, conv.bias()));
        add("Conv", inputs, output, convolution(conv));
      }
      case OperationSpec.Linear linear -> {
        inputs.addAll(weightAndBias(node, linear.bias()));
        add("Gemm", inputs, output, List.of(integer("transB", 1)));
      }
      case OperationSpec.Relu _ -> add("Relu", inputs, output, List.of());
      case OperationSpec.LeakyRelu relu ->
          add("LeakyRelu", inputs, output, List.of(real("alpha", relu.negativeSlope())));
      case OperationSpec.MaxPool2d pool ->
          add("MaxPool", inputs, output, window(pool.kernel(), pool.stride(), pool.padding()));
      case OperationSpec.AveragePool2d pool -> {
        List<ProtoMessage> attributes = window(pool.kernel(), pool.stride(), pool.padding());
        attributes.add(integer("count_include_pad", 1));
        add("AveragePool", inputs, output, attributes);
      }
      case OperationSpec.GlobalAveragePool _ -> {
        // It keeps height and width with an extent of 1, which ours drops.
        String pooled = names.fresh(output + ".pooled");
        add("GlobalAveragePool", inputs, pooled, List.of());
        add("Flatten", List.of(pooled), output, List.of(integer("axis", 1)));
      }
      case OperationSpec.BatchNorm2d norm -> {
        inputs.addAll(weightAndBias(node, true));
        inputs.add(node.name() + ".running_mean");
        inputs.add(node.name() + ".running_var");
        add("BatchNormalization", inputs, output, List.of(real("epsilon", norm.epsilon())));
      }
      case OperationSpec.Dropout _ -> add("Identity", inputs, output, List.of());
      case OperationSpec.Flatten _ -> add("Flatten", inputs, output, List.of(integer("axis", 1)));
      case OperationSpec.Add _ ->
          add(inputs.size() == 2 ? "Add" : "Sum", inputs, output, List.of());
      case OperationSpec.Concat _ -> add("Concat", inputs, output, List.of(integer("axis", 1)));
    }
  }

  /** Adds a node whose name is its output's. */
  void add(String operator, List<String> inputs, String output, List<ProtoMessage> attributes) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.text(INPUT, input));
    node.text(OUTPUT, output).text(NAME, output).text(OPERATOR, operator);
    attributes.forEach(attribute -> node.message(ATTRIBUTE, attribute));
    graph.message(GRAPH_NODE, node);
  }

  private static List<ProtoMessage> convolution(OperationSpec.Conv2d conv) {
    List<ProtoMessage> attributes = window(conv.kernel(), conv.stride(), conv.padding());
    attributes.add(integers("dilations", conv.dilation().height(), conv.dilation().width()));
    attributes.add(integer("group", conv.groups()));
    return attributes;
  }

  private static List<ProtoMessage> window(Size2d kernel, Size2d stride, Size2d padding) {
    List<ProtoMessage> attributes = new ArrayList<>();
    attributes.add(integers("kernel_shape", kernel.height(), kernel.width()));
    attributes.add(integers("strides", stride.height(), stride.width()));
    // Top, left, bottom, right.
    attributes.add(
        integers("pads", padding.height(), padding.width(), padding.height(), padding.width()));
    return attributes;
  }

  private static List<String> weightAndBias(NodeSpec node, boolean bias) {
    String weight = node.name() + ".weight";
    return bias ? List.of(weight, node.name() + ".bias") : List.of(weight);
  }

  static ProtoMessage integer(String name, long value) {
    return new ProtoMessage()
        .text(ATTRIBUTE_NAME, name)
        .number(INTEGER, value)
        .number(TYPE, TYPE_INTEGER);
  }

  private static ProtoMessage real(String name, float value) {
    return new ProtoMessage().text(ATTRIBUTE_NAME, name).real(REAL, value).number(TYPE, TYPE_REAL);
  }

  private static ProtoMessage integers(String name, int... values) {
    ProtoMessage attribute = new ProtoMessage().text(ATTRIBUTE_NAME, name);
    for (int value : values) {
      attribute.number(INTEGERS, value);
    }
    return attribute.number(TYPE, TYPE_INTEGERS);
  }
}
