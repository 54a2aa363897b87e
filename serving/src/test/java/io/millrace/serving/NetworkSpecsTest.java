package io.millrace.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.SnapshotNetwork;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.SpecException;
import io.millrace.model.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NetworkSpecsTest {
  private static final NetworkSpec EVERYTHING =
      new NetworkSpec(
          "everything",
          Shape.of(4, 16, 16),
          List.of(
              new NodeSpec(
                  "conv",
                  OperationSpec.Conv2d.of(8, 3)
                      .withPadding(2)
                      .withDilation(2)
                      .withGroups(4)
                      .withoutBias(),
                  List.of("input")),
              new NodeSpec("norm", new OperationSpec.BatchNorm2d(1e-3f, 0.3f), List.of("conv")),
              new NodeSpec("relu", new OperationSpec.Relu(), List.of("norm")),
              new NodeSpec("leaky", new OperationSpec.LeakyRelu(0.2f), List.of("norm")),
              new NodeSpec("sum", new OperationSpec.Add(), List.of("relu", "leaky")),
              new NodeSpec("both", new OperationSpec.Concat(), List.of("sum", "conv")),
              new NodeSpec("max", OperationSpec.MaxPool2d.of(2), List.of("both")),
              new NodeSpec("mean", OperationSpec.AveragePool2d.of(2), List.of("max")),
              new NodeSpec("flat", new OperationSpec.Flatten(), List.of("mean")),
              new NodeSpec("fc", new OperationSpec.Linear(9, false), List.of("flat")),
              new NodeSpec("global", new OperationSpec.GlobalAveragePool(), List.of("mean")),
              new NodeSpec("gc", new OperationSpec.Linear(9, true), List.of("global")),
              new NodeSpec("joined", new OperationSpec.Add(), List.of("fc", "gc")),
              new NodeSpec("drop", new OperationSpec.Dropout(0.25f), List.of("joined"))),
          LossSpec.SQUARED_ERROR);

  @Test
  void everyOperationComesBackWithAllOfItsAttributes() {
    SnapshotNetwork network = TestSnapshots.network(EVERYTHING);
    Set<String> types =
        EVERYTHING.nodes().stream()
            .map(node -> node.operation().type())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(OperationSpec.types()), types);
    NetworkSpec read = NetworkSpecs.fromManifest(network);
    assertEquals(EVERYTHING, read);
    assertEquals(EVERYTHING.fingerprint(), read.fingerprint());
  }

  @Test
  void mistakeNamesLayerAndAttribute() {
    SnapshotNetwork network = TestSnapshots.network(EVERYTHING);
    network.getNodes().get(9).setAttributes(Map.of("outFeatures", "many"));
    SpecException e = assertThrows(SpecException.class, () -> NetworkSpecs.fromManifest(network));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("layer fc: outFeatures: expected "), message);
  }
}
