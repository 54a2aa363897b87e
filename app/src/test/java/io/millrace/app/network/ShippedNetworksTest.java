package io.millrace.app.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.spec.NetworkFlops;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShippedNetworksTest {
  private static final Path FOLDER = Path.of("..", "networks");

  private static NetworkSpec load(String name) {
    return NetworkYaml.load(FOLDER.resolve(name + ".yaml"));
  }

  /** Counted on paper, from the shapes. */
  @ParameterizedTest
  @CsvSource({
    "lenet5, '[1, 28, 28]', 12, 61706, 0, 844276",
    "small-cnn, '[1, 28, 28]', 14, 467818, 0, 37487296",
    "resnet20, '[3, 32, 32]', 72, 272474, 1568, 82306304",
  })
  void sizesAreTheKnownOnes(
      String name, String input, int layers, int trained, int kept, long flops) {
    NetworkSpec network = load(name);
    assertEquals(name, network.name());
    assertEquals(input, network.input().toString());
    assertEquals(layers, network.nodes().size());
    assertEquals(10, network.classes());
    assertEquals(trained, elements(network, true));
    assertEquals(kept, elements(network, false));
    assertEquals(flops, NetworkFlops.forward(network));
  }

  private static int elements(NetworkSpec network, boolean trained) {
    return NetworkParameters.list(network).stream()
        .filter(parameter -> parameter.role().trained() == trained)
        .map(ParameterSpec::shape)
        .mapToInt(Shape::elements)
        .sum();
  }

  @Test
  void resnet20HalvesTheImageTwice() {
    NetworkSpec network = load("resnet20");
    var shapes = NetworkShapes.infer(network);
    assertEquals(Shape.of(16, 32, 32), shapes.get("layer1.2.relu2"));
    assertEquals(Shape.of(32, 16, 16), shapes.get("layer2.0.downsample.1"));
    assertEquals(Shape.of(64, 8, 8), shapes.get("layer3.2.relu2"));
    assertEquals(Shape.of(64), shapes.get("pool"));
    assertEquals(
        List.of("layer2.0.bn2", "layer2.0.downsample.1"),
        network.nodes().stream()
            .filter(node -> node.name().equals("layer2.0.add"))
            .findFirst()
            .orElseThrow()
            .inputs());
  }

  @Test
  void everyShippedNetworkFitsATableOf100Columns() throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(FOLDER)) {
      files = list.filter(file -> file.toString().endsWith(".yaml")).toList();
    }
    assertEquals(3, files.size());
    for (Path file : files) {
      for (String line : NetworkTable.of(NetworkYaml.load(file)).lines().toList()) {
        assertTrue(line.length() <= 100, line);
        assertTrue(!line.contains(".."), line);
      }
    }
  }
}
