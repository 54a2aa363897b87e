package io.millrace.benchmarks.engines;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network of ours as a graph of Deeplearning4j's layers, with given weights. */
final class Dl4jNetwork {
  private Dl4jNetwork() {}

  /**
   * A graph that trains by softmax cross-entropy; its output are probabilities.
   *
   * @param weights tensors by name, in PyTorch's order of dimensions
   * @param decay of weights; biases and batch norm do not decay
   */
  static ComputationGraph trainer(
      NetworkSpec network, Map<String, Tensor> weights, float rate, float momentum, float decay) {
    return graph(network, weights, new Nesterovs(rate, momentum), decay, Activation.SOFTMAX);
  }

  /** A graph whose output are the scores. */
  static ComputationGraph predictor(NetworkSpec network, Map<String, Tensor> weights) {
    return graph(network, weights, new Nesterovs(), 0, Activation.IDENTITY);
  }

  /** Images [n, c, h, w] in its memory. */
  static INDArray images(NetworkSpec network, Batch batch) {
    int[] input = network.input().toArray();
    return Nd4j.createFromArray(batch.images())
        .reshape(batch.labels().length, input[0], input[1], input[2]);
  }

  private static ComputationGraph graph(
      NetworkSpec network,
      Map<String, Tensor> weights,
      Nesterovs updater,
      float decay,
      Activation output) {
    int[] input = network.input().toArray();
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(DataType.FLOAT)
            .updater(updater)
            .l2(decay)
            .activation(Activation.IDENTITY)
            .convolutionMode(ConvolutionMode.Truncate)
            .graphBuilder()
            .addInputs(NetworkSpec.INPUT)
            .setInputTypes(InputType.convolutional(input[1], input[2], input[0], CNN2DFormat.NCHW));
    for (NodeSpec node : network.nodes()) {
      String[] inputs = node.inputs().stream().map(Dl4jNetwork::layerName).toArray(String[]::new);
      String name = layerName(node.name());
      if (node.operation() instanceof OperationSpec.Add) {
        builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), inputs);
      } else {
        boolean last = node.name().equals(network.output());
        builder.addLayer(name, last ? outputLayer(node, output) : layer(node), inputs);
      }
    }
    ComputationGraph graph =
        new ComputationGraph(builder.setOutputs(layerName(network.output())).build());
    graph.init();
    for (ParameterSpec parameter : NetworkParameters.list(network)) {
      load(graph, parameter, Objects.requireNonNull(weights.get(parameter.name())));
    }
    return graph;
  }

  private static Layer layer(NodeSpec node) {
    return switch (node.operation()) {
      case OperationSpec.Conv2d conv when conv.groups() == 1 ->
          new ConvolutionLayer.Builder(extents(conv.kernel()))
              .stride(extents(conv.stride()))
              .padding(extents(conv.padding()))
              .dilation(extents(conv.dilation()))
              .nOut(conv.outChannels())
              .hasBias(conv.bias())
              .build();
      case OperationSpec.Linear linear ->
          new DenseLayer.Builder().nOut(linear.outFeatures()).hasBias(linear.bias()).build();
      case OperationSpec.Relu _ -> new ActivationLayer(Activation.RELU);
      case OperationSpec.MaxPool2d pool ->
          new SubsamplingLayer.Builder(
                  SubsamplingLayer.PoolingType.MAX,
                  extents(pool.kernel()),
                  extents(pool.stride()),
                  extents(pool.padding()))
              .build();
      case OperationSpec.GlobalAveragePool _ -> new GlobalPoolingLayer(PoolingType.AVG);
      case OperationSpec.BatchNorm2d norm ->
          new BatchNormalization.Builder()
              .useLogStd(false)
              .eps(norm.epsilon())
              .decay(1 - norm.momentum())
              .build();
      case OperationSpec.Flatten _ -> new ActivationLayer(Activation.IDENTITY);
      default ->
          throw new IllegalArgumentException(
              "layer " + node.name() + ": no counterpart of " + node.operation() + " here yet");
    };
  }

  private static Layer outputLayer(NodeSpec node, Activation activation) {
    if (node.operation() instanceof OperationSpec.Linear linear) {
      return new OutputLayer.Builder(
              activation == Activation.SOFTMAX ? LossFunction.MCXENT : LossFunction.MSE)
          .nOut(linear.outFeatures())
          .hasBias(linear.bias())
          .activation(activation)
          .build();
    }
    throw new IllegalArgumentException(
        "layer " + node.name() + ": expected linear as the last, got " + node.operation().type());
  }

  private static void load(ComputationGraph graph, ParameterSpec parameter, Tensor tensor) {
    int dot = parameter.name().lastIndexOf('.');
    String layer = layerName(parameter.name().substring(0, dot));
    String key =
        switch (parameter.role()) {
          case WEIGHT -> "W";
          case BIAS -> "b";
          case NORM_WEIGHT -> "gamma";
          case NORM_BIAS -> "beta";
          case RUNNING_MEAN -> "mean";
          case RUNNING_VAR -> "var";
        };
    INDArray target = graph.getLayer(layer).getParam(key);
    int[] shape = tensor.shape().toArray();
    INDArray values = Nd4j.createFromArray(tensor.data().clone());
    // A linear layer's weights are [in, out] there.
    target.assign(
        key.equals("W") && shape.length == 2
            ? values.reshape(shape[0], shape[1]).transpose()
            : values.reshape(target.shape()));
  }

  /** Dots separate other things there. */
  private static String layerName(String name) {
    return name.replace('.', '-');
  }

  private static int[] extents(Size2d size) {
    return new int[] {size.height(), size.width()};
  }
}
