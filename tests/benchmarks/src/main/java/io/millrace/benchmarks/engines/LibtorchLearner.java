package io.millrace.benchmarks.engines;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A network of ours, trained by libtorch's own operations and autograd. The update is written out,
 * because DJL's optimizer keeps the learning rate inside the velocity and parts ways with PyTorch
 * as soon as the rate changes.
 */
public final class LibtorchLearner implements AutoCloseable {

  private final LibtorchNetwork network;
  private final float momentum;
  private final float weightDecay;
  private final Map<String, NDArray> velocities = new LinkedHashMap<>();

  /**
   * A learner that starts from given weights.
   *
   * @param start tensors by name, in PyTorch's own order of dimensions
   * @param precision FLOAT32, or FLOAT64 for a reference
   */
  public LibtorchLearner(
      NetworkSpec network,
      Map<String, Tensor> start,
      float momentum,
      float weightDecay,
      DataType precision) {
    this.network = new LibtorchNetwork(network, start, precision, true);
    this.momentum = momentum;
    this.weightDecay = weightDecay;
  }

  /**
   * A minibatch in libtorch's memory, owned by this learner: images [n, c, h, w], labels [n, 1].
   */
  NDList prepare(Batch batch) {
    NDManager manager = network.manager();
    long[] labels = Arrays.stream(batch.labels()).asLongStream().toArray();
    return new NDList(
        network.images(batch.images(), manager),
        manager.create(labels, new Shape(labels.length, 1)));
  }

  /** As {@link #step(NDList, float)}, with a minibatch that is made ready first. */
  public double step(Batch batch, float rate) {
    try (NDList prepared = prepare(batch)) {
      return step(prepared, rate);
    }
  }

  /** One step of SGD with heavy-ball momentum and weight decay; returns the loss before it. */
  double step(NDList batch, float rate) {
    double value;
    try (NDManager scratch = network.manager().newSubManager()) {
      scratch.tempAttachAll(batch);
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray logits = network.forward(batch.get(0));
        NDArray loss = logits.logSoftmax(1).gather(batch.get(1), 1).neg().mean();
        collector.backward(loss);
        value = loss.toType(DataType.FLOAT64, false).getDouble();
      }
    }
    network.trained().forEach((name, weight) -> update(name, weight, rate));
    return value;
  }

  /** PyTorch's formula: g += decay * w; v = mu * v + g, or g at first; w -= rate * v. */
  private void update(String name, NDArray weight, float rate) {
    try (NDArray gradient = weight.getGradient();
        NDArray decay = weight.mul(weightDecay)) {
      gradient.addi(decay);
      NDArray velocity = velocities.get(name);
      if (velocity == null) {
        velocity = gradient.duplicate();
        velocity.attach(network.manager());
        velocities.put(name, velocity);
      } else {
        velocity.muli(momentum).addi(gradient);
      }
      try (NDArray change = velocity.mul(rate)) {
        weight.subi(change);
      }
      gradient.muli(0);
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
