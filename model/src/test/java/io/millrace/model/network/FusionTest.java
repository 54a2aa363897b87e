package io.millrace.model.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FusionTest {
  private static final OperationSpec CONV = OperationSpec.Conv2d.of(4, 3).withPadding(1);
  private static final OperationSpec NORM = OperationSpec.BatchNorm2d.withDefaults();
  private static final OperationSpec RELU = new OperationSpec.Relu();
  private static final OperationSpec ADD = new OperationSpec.Add();

  private static NodeSpec node(String name, OperationSpec operation, String... inputs) {
    return new NodeSpec(name, operation, List.of(inputs));
  }

  /** The chains of more than one layer, as text, by their last layer. */
  private static Map<String, String> chains(boolean training, NodeSpec... nodes) {
    NetworkSpec spec =
        new NetworkSpec("net", Shape.of(4, 6, 6), List.of(nodes), LossSpec.SOFTMAX_CROSS_ENTROPY);
    Map<String, String> chains = new TreeMap<>();
    Fusion.chains(spec, training)
        .forEach((last, chain) -> {
          if (chain.size() > 1) {
            chains.put(last, chain.stream().map(NodeSpec::name).collect(Collectors.joining(" ")));
          }
        });
    return chains;
  }

  @Test
  void aReluJoinsTheConvolutionOrTheNormInFrontOfIt() {
    NodeSpec[] nodes = {
      node("conv", CONV, "input"),
      node("relu1", RELU, "conv"),
      node("norm", NORM, "relu1"),
      node("relu2", RELU, "norm"),
      node("flat", new OperationSpec.Flatten(), "relu2")
    };
    assertEquals(Map.of("relu1", "conv relu1", "relu2", "norm relu2"), chains(true, nodes));
    assertEquals(chains(true, nodes), chains(false, nodes));
  }

  @Test
  void aShortcutJoinsTheNormAndForPredictionTheConvolutionToo() {
    NodeSpec[] nodes = {
      node("conv1", CONV, "input"),
      node("norm1", NORM, "conv1"),
      node("conv2", CONV, "input"),
      node("norm2", NORM, "conv2"),
      node("sum", ADD, "norm1", "norm2"),
      node("relu", RELU, "sum"),
      node("flat", new OperationSpec.Flatten(), "relu")
    };
    assertEquals(Map.of("relu", "norm1 sum relu"), chains(true, nodes));
    assertEquals(
        Map.of("relu", "conv1 norm1 sum relu", "norm2", "conv2 norm2"), chains(false, nodes));
  }

  @Test
  void aMaxPoolingJoinsAConvolutionOfFewChannelsWithAReluInFrontOrBehind() {
    OperationSpec conv = OperationSpec.Conv2d.of(3, 3).withPadding(1);
    NodeSpec[] nodes = {
      node("conv1", conv, "input"),
      node("relu1", RELU, "conv1"),
      node("pool1", OperationSpec.MaxPool2d.of(2), "relu1"),
      node("conv2", conv, "pool1"),
      node("pool2", OperationSpec.MaxPool2d.of(2), "conv2"),
      node("relu2", RELU, "pool2"),
      node("flat", new OperationSpec.Flatten(), "relu2")
    };
    assertEquals(
        Map.of("pool1", "conv1 relu1 pool1", "relu2", "conv2 pool2 relu2"), chains(true, nodes));
  }

  @Test
  void aValueThatOthersTakeStaysApart() {
    NodeSpec[] nodes = {
      node("conv", CONV, "input"),
      node("relu", RELU, "conv"),
      node("norm", NORM, "relu"),
      node("twice", ADD, "norm", "norm"),
      node("three", ADD, "conv", "relu", "twice"),
      node("flat", new OperationSpec.Flatten(), "three")
    };
    assertEquals(Map.of(), chains(true, nodes));
    assertEquals(Map.of(), chains(false, nodes));
  }
}
