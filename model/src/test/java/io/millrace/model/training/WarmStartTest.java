package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.safetensors.SafetensorsReader;
import io.millrace.model.safetensors.SafetensorsWriter;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WarmStartTest {
  private static final NetworkSpec NETWORK = TestNetworks.plain();

  /** The same but for the number of classes. */
  private static NetworkSpec withClasses(int classes) {
    List<NodeSpec> nodes = new ArrayList<>(NETWORK.nodes());
    NodeSpec head = nodes.removeLast();
    nodes.add(new NodeSpec(head.name(), new OperationSpec.Linear(classes, true), head.inputs()));
    return new NetworkSpec("other", NETWORK.input(), nodes, NETWORK.loss());
  }

  private static Map<String, Tensor> trained() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    try (Learner learner = TestNetworks.learner(NETWORK)) {
      TestNetworks.train(learner, NETWORK, 0, 60);
      SafetensorsWriter.write(Map.of(), learner.state().parametersAndBuffers(), file);
    }
    return SafetensorsReader.read(file.toByteArray(), Long.MAX_VALUE).tensors();
  }

  private static Learner learner(NetworkSpec network, FrozenLayers frozen) {
    return Learner.create(
        network,
        TestNetworks.optimizer(),
        TestNetworks.schedule(),
        TestNetworks.SEED + 1,
        InitializationSpec.withDefaults(),
        frozen,
        TestNetworks.MAX_BATCH,
        1,
        new ScalarKernels());
  }

  private static float[] tensor(Learner learner, String name) {
    Tensor tensor = learner.state().parametersAndBuffers().get(name);
    assertTrue(tensor != null, name);
    return tensor == null ? new float[0] : tensor.data();
  }

  @Test
  void goesOnWithTheWeightsOfTheFile() throws IOException {
    Map<String, Tensor> weights = trained();
    try (Learner learner = learner(NETWORK, FrozenLayers.none())) {
      WarmStart.Report report = new WarmStart(weights, true, false).load(NETWORK, learner.state());
      assertEquals("4 tensors loaded", report.toString());
      weights.forEach((name, tensor) -> assertArrayEquals(tensor.data(), tensor(learner, name)));
    }
  }

  @Test
  void aReplacedHeadBeginsAnewForOtherClasses() throws IOException {
    Map<String, Tensor> weights = trained();
    NetworkSpec other = withClasses(6);
    try (Learner learner = learner(other, FrozenLayers.none());
        Learner fresh = learner(other, FrozenLayers.none())) {
      WarmStart.Report report = new WarmStart(weights, true, true).load(other, learner.state());
      assertEquals(List.of("fc.weight", "fc.bias"), report.replaced());
      assertEquals("2 tensors loaded; replaced [fc.weight, fc.bias]", report.toString());
      assertArrayEquals(tensor(fresh, "fc.weight"), tensor(learner, "fc.weight"));
      Tensor conv = weights.get("conv1.weight");
      assertTrue(conv != null);
      assertArrayEquals(conv == null ? null : conv.data(), tensor(learner, "conv1.weight"));
    }
  }

  @Test
  void whatDoesNotMatchIsNamedAndNothingIsLoaded() throws IOException {
    Map<String, Tensor> weights = new HashMap<>(trained());
    weights.remove("conv1.bias");
    weights.put("conv9.weight", Tensor.zeros(Shape.of(2)));
    NetworkSpec other = withClasses(6);
    try (Learner learner = learner(other, FrozenLayers.none())) {
      String before = learner.state().sha256();
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () -> new WarmStart(weights, true, false).load(other, learner.state()))
                  .getMessage());
      assertTrue(
          message.contains(
              "1 tensors loaded; missing [conv1.bias]; unexpected [conv9.weight]; of another shape"
                  + " [fc.weight [6, 128] got [4, 128], fc.bias [6] got [4]]"),
          message);
      assertEquals(before, learner.state().sha256());
      WarmStart.Report report = new WarmStart(weights, false, false).load(other, learner.state());
      assertEquals(List.of("conv1.weight"), report.loaded());
      assertThrows(
          IllegalArgumentException.class,
          () -> new WarmStart(Map.of(), false, false).load(other, learner.state()));
    }
  }

  @Test
  void learnsFasterThanFromScratchEvenWithFrozenFeatures() throws IOException {
    Map<String, Tensor> weights = trained();
    double scratch = meanLoss(FrozenLayers.none(), Map.of());
    double warm = meanLoss(FrozenLayers.none(), weights);
    double frozen = meanLoss(new FrozenLayers(List.of("conv1")), weights);
    assertTrue(warm < 0.9 * scratch, "from scratch " + scratch + ", warm " + warm);
    assertTrue(frozen < 0.9 * scratch, "from scratch " + scratch + ", frozen " + frozen);
  }

  /** Of the steps 10 to 19 with a replaced head. */
  private static double meanLoss(FrozenLayers frozen, Map<String, Tensor> weights) {
    try (Learner learner = learner(NETWORK, frozen)) {
      if (!weights.isEmpty()) {
        new WarmStart(weights, true, true).load(NETWORK, learner.state());
      }
      double sum = 0;
      for (int step = 0; step < 20; step++) {
        TestNetworks.fill(learner, NETWORK, 1_000 + step, TestNetworks.MAX_BATCH);
        float loss = learner.step(TestNetworks.MAX_BATCH).meanLoss();
        sum += step < 10 ? 0 : loss;
      }
      return sum / 10;
    }
  }
}
