package io.millrace.benchmarks;

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
import ai.djl.training.GradientCollector;
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

/**
 * A network of ours, trained by libtorch's own operations and autograd. The update is written out,
 * because DJL's optimizer keeps the learning rate inside the velocity and parts ways with PyTorch
 * as soon as the rate changes.
 */
final class LibtorchLearner implements AutoCloseable {

  private final NetworkSpec network;
  private final DataType precision;
  private final float momentum;
  private final float weightDecay;
  private final NDManager manager = Engine.getEngine("PyTorch").newBaseManager();
  private final Map<String, NDArray> trained = new LinkedHashMap<>();
  private final Map<String, NDArray> statistics = new LinkedHashMap<>();
  private final Map<String, NDArray> velocities = new LinkedHashMap<>();

  /**
   * A learner that starts from given weights.
   *
   * @param start tensors by name, in PyTorch's own order of dimensions
   * @param precision FLOAT32, or FLOAT64 for a reference
   */
  LibtorchLearner(
      NetworkSpec network,
      List<ParameterSpec> parameters,
      Map<String, Tensor> start,
      float momentum,
      float weightDecay,
      DataType precision) {
    this.network = network;
    this.precision = precision;
    this.momentum = momentum;
    this.weightDecay = weightDecay;
    for (ParameterSpec parameter : parameters) {
      Tensor tensor = Objects.requireNonNull(start.get(parameter.name()));
      NDArray array =
          manager
              .create(tensor.data().clone(), shape(tensor.shape().toArray()))
              .toType(precision, false);
      if (parameter.role().trained()) {
        array.setRequiresGradient(true);
        trained.put(parameter.name(), array);
      } else {
        statistics.put(parameter.name(), array);
      }
    }
  }

  /**
   * One step of SGD with heavy-ball momentum and weight decay; returns the loss before it.
   *
   * @param images [n, c, h, w]
   */
  double step(float[] images, int[] labels, float rate) {
    try (NDManager scratch = manager.newSubManager()) {
      int[] input = network.input().toArray();
      NDArray x =
          scratch
              .create(images, new Shape(labels.length, input[0], input[1], input[2]))
              .toType(precision, false);
      NDArray y = scratch.create(labels);
      double value;
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray logits = forward(x);
        NDArray picked =
            logits.logSoftmax(1).gather(y.toType(DataType.INT64, false).reshape(-1, 1), 1);
        NDArray loss = picked.neg().mean();
        collector.backward(loss);
        value = loss.toType(DataType.FLOAT64, false).getDouble();
      }
      trained.forEach((name, weight) -> update(name, weight, rate));
      return value;
    }
  }

  /** PyTorch's formula: g += decay * w; v = mu * v + g, or g at first; w -= rate * v. */
  private void update(String name, NDArray weight, float rate) {
    try (NDArray gradient = weight.getGradient();
        NDArray decayed = gradient.add(weight.mul(weightDecay))) {
      NDArray velocity = velocities.get(name);
      if (velocity == null) {
        velocity = decayed.duplicate();
        velocity.attach(manager);
        velocities.put(name, velocity);
      } else {
        velocity.muli(momentum).addi(decayed);
      }
      weight.subi(velocity.mul(rate));
      gradient.muli(0);
    }
  }

  private NDArray forward(NDArray x) {
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
      case OperationSpec.GlobalAveragePool _ -> x.mean(new int[] {3}).mean(new int[] {2});
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
                  true)
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
