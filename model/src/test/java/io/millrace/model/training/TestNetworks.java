package io.millrace.model.training;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.math.CounterRandom;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Shape;
import java.util.List;

/** Networks, learners and minibatches that the tests of training share. */
final class TestNetworks {
  static final long SEED = 42;
  static final int MAX_BATCH = 16;

  private TestNetworks() {}

  static NodeSpec node(String name, OperationSpec operation, String... inputs) {
    return new NodeSpec(name, operation, List.of(inputs));
  }

  /** Everything that keeps state or draws random numbers, with a residual and a concat. */
  static NetworkSpec everything() {
    return new NetworkSpec(
        "everything",
        Shape.of(2, 8, 8),
        List.of(
            node("conv1", OperationSpec.Conv2d.of(6, 3).withPadding(1), "input"),
            node("bn1", OperationSpec.BatchNorm2d.withDefaults(), "conv1"),
            node("relu1", new OperationSpec.Relu(), "bn1"),
            node("drop1", new OperationSpec.Dropout(0.25f), "relu1"),
            node("conv2", OperationSpec.Conv2d.of(6, 3).withPadding(1).withGroups(6), "drop1"),
            node("bn2", OperationSpec.BatchNorm2d.withDefaults(), "conv2"),
            node("sum", new OperationSpec.Add(), "bn2", "relu1"),
            node("leaky", new OperationSpec.LeakyRelu(0.1f), "sum"),
            node("max", OperationSpec.MaxPool2d.of(2), "leaky"),
            node("average", OperationSpec.AveragePool2d.of(2), "leaky"),
            node("both", new OperationSpec.Concat(), "max", "average"),
            node(
                "conv3",
                OperationSpec.Conv2d.of(9, 3).withDilation(2).withPadding(2).withoutBias(),
                "both"),
            node("global", new OperationSpec.GlobalAveragePool(), "conv3"),
            node("flat", new OperationSpec.Flatten(), "both"),
            node("fc1", new OperationSpec.Linear(11, true), "flat"),
            node("joined", new OperationSpec.Concat(), "global", "fc1"),
            node("drop2", new OperationSpec.Dropout(0.5f), "joined"),
            node("fc2", new OperationSpec.Linear(4, true), "drop2")),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  /** Convolution, pooling and a linear layer, as in LeNet. */
  static NetworkSpec plain() {
    return new NetworkSpec(
        "plain",
        Shape.of(1, 8, 8),
        List.of(
            node("conv1", OperationSpec.Conv2d.of(8, 3).withPadding(1), "input"),
            node("relu1", new OperationSpec.Relu(), "conv1"),
            node(
                "max",
                new OperationSpec.MaxPool2d(Size2d.square(2), Size2d.square(2), Size2d.square(0)),
                "relu1"),
            node("flat", new OperationSpec.Flatten(), "max"),
            node("fc", new OperationSpec.Linear(4, true), "flat")),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  /** A convolution of every way that Conv2dPlan knows beside the direct and the depthwise. */
  static NetworkSpec everyPlan() {
    return new NetworkSpec(
        "every-plan",
        Shape.of(1, 12, 12),
        List.of(
            node("few", OperationSpec.Conv2d.of(6, 5).withPadding(2), "input"),
            node("relu1", new OperationSpec.Relu(), "few"),
            node("direct", OperationSpec.Conv2d.of(16, 3).withPadding(1), "relu1"),
            node("winograd1", OperationSpec.Conv2d.of(16, 3).withPadding(1), "direct"),
            node("relu2", new OperationSpec.Relu(), "winograd1"),
            node("winograd2", OperationSpec.Conv2d.of(32, 3).withoutBias(), "relu2"),
            node("max", OperationSpec.MaxPool2d.of(2), "winograd2"),
            node("flat", new OperationSpec.Flatten(), "max"),
            node("fc", new OperationSpec.Linear(4, true), "flat")),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  /** A residual block whose shortcut has a convolution and a norm of its own. */
  static NetworkSpec residual() {
    return new NetworkSpec(
        "residual",
        Shape.of(1, 8, 8),
        List.of(
            node("conv0", OperationSpec.Conv2d.of(16, 3).withPadding(1).withoutBias(), "input"),
            node("norm0", OperationSpec.BatchNorm2d.withDefaults(), "conv0"),
            node("relu0", new OperationSpec.Relu(), "norm0"),
            node("conv1", OperationSpec.Conv2d.of(32, 3).withPadding(1), "relu0"),
            node("norm1", OperationSpec.BatchNorm2d.withDefaults(), "conv1"),
            node("conv2", OperationSpec.Conv2d.of(32, 1), "relu0"),
            node("norm2", OperationSpec.BatchNorm2d.withDefaults(), "conv2"),
            node("sum", new OperationSpec.Add(), "norm1", "norm2"),
            node("relu1", new OperationSpec.Relu(), "sum"),
            node("global", new OperationSpec.GlobalAveragePool(), "relu1"),
            node("fc", new OperationSpec.Linear(4, true), "global")),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  /** Two pixels, two classes and one weight matrix, for calculations by hand. */
  static NetworkSpec twoByTwo(LossSpec loss) {
    return new NetworkSpec(
        "two-by-two",
        Shape.of(1, 1, 2),
        List.of(
            node("flat", new OperationSpec.Flatten(), "input"),
            node("fc", new OperationSpec.Linear(2, true), "flat")),
        loss);
  }

  static OptimizerSpec optimizer() {
    return new OptimizerSpec(0.9f, 0.9f, false, 1e-3f, false, 5);
  }

  static Schedule schedule() {
    return new StepDecay(0.1, 3, 0.5, 0.001);
  }

  static Learner learner(NetworkSpec network, int threads, Kernels kernels) {
    return Learner.create(
        network,
        optimizer(),
        schedule(),
        SEED,
        InitializationSpec.withDefaults(),
        MAX_BATCH,
        threads,
        kernels);
  }

  static Learner learner(NetworkSpec network) {
    return learner(network, 1, new ScalarKernels());
  }

  /**
   * Fills a minibatch of four classes, a function of {@code number}: noise with a bright quadrant
   * that tells the class.
   */
  static void fill(Learner learner, NetworkSpec network, long number, int samples) {
    int height = network.input().extent(1);
    int width = network.input().extent(2);
    int elements = network.input().elements();
    for (int n = 0; n < samples; n++) {
      int label = CounterRandom.bits(7, number, 1, n) & 3;
      learner.labels()[n] = label;
      for (int i = 0; i < elements; i++) {
        int row = i / width % height * 2 / height;
        int column = i % width * 2 / width;
        float noise = 2 * CounterRandom.uniform(7, number, 2, n * elements + i) - 1;
        learner.images()[n * elements + i] = noise + (row * 2 + column == label ? 0.5f : 0);
      }
    }
  }

  /** Makes steps {@code from} to {@code to} - 1, of batch sizes that vary, and short ones too. */
  static void train(Learner learner, NetworkSpec network, int from, int to) {
    int[] sizes = {MAX_BATCH, 7, 1, 8, 12};
    for (int step = from; step < to; step++) {
      int size = sizes[step % sizes.length];
      fill(learner, network, step, size);
      learner.step(size);
    }
  }
}
