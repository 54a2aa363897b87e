package io.millrace.benchmarks.topology;

import io.millrace.app.network.NetworkFiles;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Networks whose states are small, middling and large: one convolution and linear layers. */
enum States {
  LENET5("lenet5", ""),
  MILLION("1m", "640"),
  FIVE_MILLION("5m", "2048 864");

  private static final int CHANNELS = 8;
  private static final int CLASSES = 10;

  private final String label;

  /** Of the linear layers, but the last. */
  private final String features;

  States(String label, String features) {
    this.label = label;
    this.features = features;
  }

  /** The name in tables and on the command line. */
  String label() {
    return label;
  }

  /**
   * The state of a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static States of(String label) {
    for (States state : values()) {
      if (state.label.equals(label)) {
        return state;
      }
    }
    throw new IllegalArgumentException("state: expected lenet5, 1m or 5m, got " + label);
  }

  NetworkSpec network() {
    if (this == LENET5) {
      return NetworkFiles.load(label, Path.of("").toAbsolutePath());
    }
    List<NodeSpec> nodes = new ArrayList<>();
    add(nodes, "conv1", OperationSpec.Conv2d.of(CHANNELS, 3).withPadding(1));
    add(nodes, "relu1", new OperationSpec.Relu());
    add(nodes, "pool1", OperationSpec.MaxPool2d.of(2));
    add(nodes, "flatten", new OperationSpec.Flatten());
    for (String count : features.split(" ", -1)) {
      add(nodes, "fc" + nodes.size(), new OperationSpec.Linear(Integer.parseInt(count), true));
      add(nodes, "relu" + nodes.size(), new OperationSpec.Relu());
    }
    add(nodes, "out", new OperationSpec.Linear(CLASSES, true));
    return new NetworkSpec(
        "state-" + label, Shape.of(1, 28, 28), nodes, LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  private static void add(List<NodeSpec> nodes, String name, OperationSpec operation) {
    String input = nodes.isEmpty() ? NetworkSpec.INPUT : nodes.getLast().name();
    nodes.add(new NodeSpec(name, operation, List.of(input)));
  }

  static long parameters(NetworkSpec network) {
    return NetworkParameters.list(network).stream()
        .mapToLong(parameter -> parameter.shape().elements())
        .sum();
  }
}
