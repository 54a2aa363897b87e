package io.millrace.benchmarks.kernels;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.app.network.NetworkFiles;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LayersTest {
  private static final Path NETWORKS = Path.of("../../networks").toAbsolutePath();

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "small-cnn", "resnet20"})
  void everyLayerOfTheNetworksThatShipIsMeasured(String name) {
    NetworkSpec network = NetworkFiles.load(name + ".yaml", NETWORKS);
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    int found = 0;
    for (NodeSpec node : network.nodes()) {
      Shape input = NetworkShapes.inputsOf(node, shapes).getFirst();
      switch (node.operation()) {
        case OperationSpec.Conv2d conv -> {
          assertTrue(measured(NetworkBuilder.shape(conv, input)), node.name());
          found++;
        }
        case OperationSpec.Linear _ -> {
          int out = NetworkShapes.outputOf(node, shapes).elements();
          assertTrue(measured(input.elements(), out), node.name());
          found++;
        }
        default -> {}
      }
    }
    assertTrue(found > 0);
  }

  @Test
  void layersAreChosenByPlaceOrShape() {
    List<Layer> byPlace = Layers.chosen(false, "lenet5 conv");
    assertTrue(byPlace.stream().allMatch(layer -> layer.place().startsWith("lenet5 conv")));
    assertFalse(byPlace.isEmpty());
    assertTrue(Layers.chosen(false, "kh5").containsAll(byPlace));
    assertTrue(Layers.chosen(true, "").stream().allMatch(l -> Layers.QUICK.contains(l.place())));
    assertTrue(Layers.chosen(false, "none like this").isEmpty());
  }

  private static boolean measured(Conv2dShape shape) {
    return Layers.ALL.stream()
        .anyMatch(layer ->
            layer instanceof Layer.Convolution convolution && convolution.shape().equals(shape));
  }

  private static boolean measured(int in, int out) {
    return Layers.ALL.stream()
        .anyMatch(layer ->
            layer instanceof Layer.FullyConnected linear
                && linear.in() == in
                && linear.out() == out);
  }
}
