package io.millrace.benchmarks.engines;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A network of ours made of libtorch's own operations. */
final class LibtorchNetwork implements AutoCloseable {

  private final NetworkSpec network;
  private final DataType precision;
  private final boolean training;
  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
  private final Map<String, NDArray> trained = new LinkedHashMap<>();
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();

  /**
   * A network with given weights.
   *
   * @param weights tensors by name, in PyTorch's own order of dimensions
   * @param precision FLOAT32, or FLOAT64 for a reference
   * @param training whether gradients are kept and batch norm takes the minibatch's statistics
   */
  LibtorchNetwork(
      NetworkSpec network, Map<String, Tensor> weights, DataType precision, boolean training) {
    this.network = network;
    this.precision = precision;
    this.training = training;
    for (ParameterSpec parameter : NetworkParameters.list(network)) {
      Tensor tensor = Objects.requireNonNull(weights.get(parameter.name()));
      NDArray array =
          manager
              .create(tensor.data().clone(), shape(tensor.shape().toArray()))
              .toType(precision, false);
      if (parameter.role().trained()) {
        array.setRequiresGradient(training);
        trained.put(parameter.name(), array);
      } else {
        statistics.put(parameter.name(), array);
      }
    }
  }

  /** Owns the weights and whatever is to live as long as they do. */
  NDManager manager() {
    return manager;
  }

  /** Weights and biases by name. */
  Map<String, NDArray> trained() {
    return trained;
  }

  /**
   * Images in libtorch's memory.
   *
   * @param images [n][c][h][w]
   * @param owner of the result
   */
  NDArray images(float[] images, NDManager owner) {
    int[] input = network.input().toArray();
    int n = images.length / network.input().elements();
    return owner
        .create(images, new Shape(n, input[0], input[1], input[2]))
        .toType(precision, false);
  }

  /** The scores [n, classes] of images [n, c, h, w]; the images' manager owns all that is made. */
  NDArray forward(NDArray x) {
    Map<String, NDArray> values = new LinkedHashMap<>();
    values.put(NetworkSpec.INPUT, x);
    for (NodeSpec node : network.nodes()) {
      List<NDArray> inputs =
          node.inputs().stream().map(name -> Objects.requireNonNull(values.get(name))).toList();
      values.put(node.name(), apply(node, inputs.getFirst(), inputs));
    }
    return Objects.requireNonNull(values.get(network.output()));
  }

  private NDArray apply(NodeSpec node, NDArray x, List<NDArray> inputs) {
    return switch (node.operation()) {
      case OperationSpec.Conv2d conv ->
          Conv2d.conv2d(
                  x,
                  weight(node),
                  bias(node),
                  shape(conv.stride()),
                  shape(conv.padding()),
                  shape(conv.dilation()),
                  conv.groups())
              .singletonOrThrow();
      case OperationSpec.Linear _ -> Linear.linear(x, weight(node), bias(node)).singletonOrThrow();
      case OperationSpec.Relu _ -> Activation.relu(x);
      case OperationSpec.LeakyRelu relu -> Activation.leakyRelu(x, relu.negativeSlope());
      case OperationSpec.MaxPool2d pool ->
          Pool.maxPool2d(
              x, shape(pool.kernel()), shape(pool.stride()), shape(pool.padding()), false);
      case OperationSpec.AveragePool2d pool ->
          Pool.avgPool2d(
              x, shape(pool.kernel()), shape(pool.stride()), shape(pool.padding()), false, true);
      case OperationSpec.GlobalAveragePool _ ->
          Pool.globalAvgPool2d(x).reshape(x.getShape().get(0), -1);
      case OperationSpec.BatchNorm2d norm ->
          BatchNorm.batchNorm(
                  x,
                  statistics.get(node.name() + ".running_mean"),
                  statistics.get(node.name() + ".running_var"),
                  weight(node),
                  bias(node),
                  1,
                  norm.momentum(),
                  norm.epsilon(),
                  training)
              .singletonOrThrow();
      case OperationSpec.Flatten _ -> x.reshape(x.getShape().get(0), -1);
      case OperationSpec.Add _ -> inputs.stream().reduce(NDArray::add).orElseThrow();
      case OperationSpec.Concat _ -> NDArrays.concat(new NDList(inputs), 1);
      case OperationSpec.Dropout _ ->
          throw new IllegalArgumentException(
              "layer " + node.name() + ": dropout draws other numbers in libtorch; leave it out");
    };
  }

  private NDArray weight(NodeSpec node) {
    return Objects.requireNonNull(trained.get(node.name() + ".weight"));
  }

  private @Nullable NDArray bias(NodeSpec node) {
    return trained.get(node.name() + ".bias");
  }

  private static Shape shape(Size2d size) {
    return new Shape(size.height(), size.width());
  }

  private static Shape shape(int[] extents) {
    long[] longs = new long[extents.length];
    for (int i = 0; i < extents.length; i++) {
      longs[i] = extents[i];
    }
    return new Shape(longs);
  }

  @Override
  public void close() {
    manager.close();
  }
}
