package io.millrace.model.onnx;

import io.millrace.model.protobuf.ProtoMessage;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Writes a network with its weights as an ONNX model (IR version 8, operator set 17) that predicts:
 * batch norm takes its running statistics and dropout does nothing. Weights have Millrace's names,
 * values those of their layers. The model takes {@code input}, float32 [N, C, H, W] normalized as
 * the snapshot says, or {@code pixels}, and gives {@code logits} [N, classes], called {@code
 * scores} where the network was trained on squared error. Equal arguments give equal bytes.
 */
public final class OnnxWriter {
  /** What the model takes, normalized already. */
  public static final String INPUT = NetworkSpec.INPUT;

  /** What it takes instead where it normalizes by itself: unsigned bytes [N, C, H, W]. */
  public static final String PIXELS = "pixels";

  /** What it gives, after softmax cross-entropy. */
  public static final String LOGITS = "logits";

  /** What it gives, after squared error. */
  public static final String SCORES = "scores";

  /** What it gives beside the logits, if asked to: their softmax. */
  public static final String PROBABILITIES = "probabilities";

  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;

  // ModelProto, OperatorSetIdProto, StringStringEntryProto
  private static final int MODEL_IR_VERSION = 1;
  private static final int MODEL_PRODUCER = 2;
  private static final int MODEL_VERSION = 5;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPERATOR_SET = 8;
  private static final int MODEL_METADATA = 14;
  private static final int OPERATOR_SET_DOMAIN = 1;
  private static final int OPERATOR_SET_VERSION = 2;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;

  // GraphProto
  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;

  // TensorProto and its DataType
  private static final int TENSOR_DIMENSION = 1;
  private static final int TENSOR_TYPE = 2;
  private static final int TENSOR_NAME = 8;
  private static final int TENSOR_DATA = 9;
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;

  // ValueInfoProto, TypeProto, TypeProto.Tensor, TensorShapeProto, its Dimension
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int ELEMENT_TYPE = 1;
  private static final int SHAPE = 2;
  private static final int DIMENSION = 1;
  private static final int DIMENSION_VALUE = 1;
  private static final int DIMENSION_NAME = 2;

  private final NetworkSpec network;
  private final OnnxOptions options;
  private final ProtoMessage graph = new ProtoMessage();
  private final ValueNames names = new ValueNames();
  private final OnnxNodes nodes = new OnnxNodes(graph, names);

  private OnnxWriter(NetworkSpec network, OnnxOptions options) {
    this.network = network;
    this.options = options;
  }

  /**
   * Writes a model.
   *
   * @param tensors parameters and buffers by name
   * @throws IllegalArgumentException if a tensor is missing or of another shape, if probabilities
   *     are asked of a network without a softmax, or if the model exceeds the 2 GiB of a Protocol
   *     Buffers message
   */
  public static void write(
      NetworkSpec network, Map<String, Tensor> tensors, OnnxOptions options, OutputStream out)
      throws IOException {
    ProtoMessage model = new OnnxWriter(network, options).model(tensors);
    if (model.sizeBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "ONNX: expected a model of at most 2 GiB, got "
              + model.sizeBytes()
              + " bytes; use safetensors");
    }
    model.writeTo(out);
  }

  /** A small model in memory; {@link #write} says what is thrown. */
  public static byte[] bytes(
      NetworkSpec network, Map<String, Tensor> tensors, OnnxOptions options) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      write(network, tensors, options, out);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  private ProtoMessage model(Map<String, Tensor> tensors) {
    boolean softmax = network.loss() == LossSpec.SOFTMAX_CROSS_ENTROPY;
    if (options.probabilities() && !softmax) {
      throw new IllegalArgumentException(
          "network "
              + network.name()
              + ": probabilities: expected the loss softmaxCrossEntropy, got "
              + network.loss().text());
    }
    List<ParameterSpec> parameters = NetworkParameters.list(network);
    parameters.forEach(parameter -> names.reserve(parameter.name()));
    List.of(INPUT, PIXELS, LOGITS, SCORES, PROBABILITIES).forEach(names::reserve);
    names.bind(NetworkSpec.INPUT, INPUT);
    String scores = softmax ? LOGITS : SCORES;
    names.bind(network.output(), scores);

    options.rawPixels().ifPresent(this::normalize);
    for (NodeSpec node : network.nodes()) {
      nodes.layer(node);
    }
    if (options.probabilities()) {
      nodes.add("Softmax", List.of(scores), PROBABILITIES, List.of(OnnxNodes.integer("axis", -1)));
    }
    graph.text(GRAPH_NAME, network.name());
    for (ParameterSpec parameter : parameters) {
      initializer(parameter.name(), required(parameter, tensors));
    }
    Shape input = network.input();
    graph.message(
        GRAPH_INPUT,
        options.rawPixels().isPresent() ? value(PIXELS, UINT8, input) : value(INPUT, FLOAT, input));
    Shape classes = Shape.of(network.classes());
    graph.message(GRAPH_OUTPUT, value(scores, FLOAT, classes));
    if (options.probabilities()) {
      graph.message(GRAPH_OUTPUT, value(PROBABILITIES, FLOAT, classes));
    }
    return file();
  }

  private ProtoMessage file() {
    ProtoMessage model =
        new ProtoMessage()
            .number(MODEL_IR_VERSION, IR_VERSION)
            .text(MODEL_PRODUCER, "millrace")
            .number(MODEL_VERSION, options.modelVersion())
            .message(MODEL_GRAPH, graph)
            .message(
                MODEL_OPERATOR_SET,
                new ProtoMessage()
                    .text(OPERATOR_SET_DOMAIN, "")
                    .number(OPERATOR_SET_VERSION, OPERATOR_SET));
    new TreeMap<>(options.metadata())
        .forEach((key, text) ->
            model.message(
                MODEL_METADATA, new ProtoMessage().text(ENTRY_KEY, key).text(ENTRY_VALUE, text)));
    return model;
  }

  /** (pixel / 255 - mean) / std, operation by operation as PixelNormalization has it. */
  private void normalize(PixelNormalization normalization) {
    String cast = names.fresh("pixels.float");
    String scaled = names.fresh("pixels.scaled");
    String centered = names.fresh("pixels.centered");
    String range = names.fresh("pixels.range");
    String mean = names.fresh("pixels.mean");
    String std = names.fresh("pixels.std");
    Shape perChannel = Shape.of(1, normalization.channels(), 1, 1);
    initializer(range, new Tensor(Shape.of(1), new float[] {255}));
    initializer(mean, new Tensor(perChannel, normalization.mean()));
    initializer(std, new Tensor(perChannel, normalization.std()));
    nodes.add("Cast", List.of(PIXELS), cast, List.of(OnnxNodes.integer("to", FLOAT)));
    nodes.add("Div", List.of(cast, range), scaled, List.of());
    nodes.add("Sub", List.of(scaled, mean), centered, List.of());
    nodes.add("Div", List.of(centered, std), INPUT, List.of());
  }

  private void initializer(String name, Tensor tensor) {
    ProtoMessage message = new ProtoMessage();
    for (int extent : tensor.shape().toArray()) {
      message.number(TENSOR_DIMENSION, extent);
    }
    graph.message(
        GRAPH_INITIALIZER,
        message
            .number(TENSOR_TYPE, FLOAT)
            .text(TENSOR_NAME, name)
            .floats(TENSOR_DATA, tensor.data()));
  }

  private ProtoMessage value(String name, int type, Shape each) {
    ProtoMessage batch = new ProtoMessage();
    options
        .batch()
        .ifPresentOrElse(
            images -> batch.number(DIMENSION_VALUE, images), () -> batch.text(DIMENSION_NAME, "N"));
    ProtoMessage shape = new ProtoMessage().message(DIMENSION, batch);
    for (int extent : each.toArray()) {
      shape.message(DIMENSION, new ProtoMessage().number(DIMENSION_VALUE, extent));
    }
    ProtoMessage tensor = new ProtoMessage().number(ELEMENT_TYPE, type).message(SHAPE, shape);
    return new ProtoMessage()
        .text(VALUE_NAME, name)
        .message(VALUE_TYPE, new ProtoMessage().message(TYPE_TENSOR, tensor));
  }

  private Tensor required(ParameterSpec parameter, Map<String, Tensor> tensors) {
    Tensor tensor = tensors.get(parameter.name());
    if (tensor == null || !tensor.shape().equals(parameter.shape())) {
      throw new IllegalArgumentException(
          "tensor "
              + parameter.name()
              + ": expected "
              + parameter.shape()
              + " for network "
              + network.name()
              + ", got "
              + (tensor == null ? "none" : Objects.toString(tensor.shape())));
    }
    return tensor;
  }
}
