package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FrozenLayersTest {
  private static final int STEPS = 10;

  /** At the beginning, in the middle and at the end of networks with every kind of layer. */
  static Stream<Arguments> frozen() {
    return Stream.of(
        Arguments.of(TestNetworks.everything(), List.of("conv1", "bn1")),
        Arguments.of(TestNetworks.everything(), List.of("bn1", "conv2", "bn2", "conv3", "fc1")),
        Arguments.of(TestNetworks.everything(), List.of("fc2")),
        Arguments.of(TestNetworks.plain(), List.of("conv1")),
        Arguments.of(TestNetworks.everyPlan(), List.of("few", "direct")),
        Arguments.of(TestNetworks.everyPlan(), List.of("direct", "winograd1", "winograd2")),
        Arguments.of(TestNetworks.residual(), List.of("conv0", "norm0", "conv2", "norm2")),
        Arguments.of(TestNetworks.residual(), List.of("norm1", "conv1", "fc")));
  }

  private static Learner learner(
      NetworkSpec network, List<String> frozen, OptimizerSpec optimizer, int threads, Kernels k) {
    return Learner.create(
        network,
        optimizer,
        TestNetworks.schedule(),
        TestNetworks.SEED,
        InitializationSpec.withDefaults(),
        new FrozenLayers(frozen),
        TestNetworks.MAX_BATCH,
        threads,
        k);
  }

  private static Map<String, float[]> copy(Learner learner) {
    Map<String, float[]> copy = new HashMap<>();
    learner.state().tensors().forEach(t -> copy.put(t.name(), t.tensor().data().clone()));
    return copy;
  }

  private static boolean isFrozen(String tensor, List<String> frozen) {
    return frozen.stream().anyMatch(layer -> tensor.startsWith(layer + "."));
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void frozenTensorsDoNotMoveByABitAndAllOthersDo(NetworkSpec network, List<String> frozen) {
    try (Learner learner =
        learner(network, frozen, TestNetworks.optimizer(), 2, new VectorKernels())) {
      Map<String, float[]> before = copy(learner);
      TestNetworks.train(learner, network, 0, STEPS);
      for (StateTensor tensor : learner.state().tensors()) {
        float[] first = before.get(tensor.name());
        if (isFrozen(tensor.name(), frozen)) {
          assertArrayEquals(first, tensor.tensor().data(), tensor.name());
        } else {
          assertFalse(Arrays.equals(first, tensor.tensor().data()), tensor.name());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("frozen")
  void threadsAndKernelsDoNotChangeABit(NetworkSpec network, List<String> frozen) {
    String expected = sha256(network, frozen, 1, new ScalarKernels());
    for (int threads : new int[] {1, 2, 5}) {
      assertEquals(expected, sha256(network, frozen, threads, new VectorKernels()));
    }
  }

  private static String sha256(
      NetworkSpec network, List<String> frozen, int threads, Kernels kernels) {
    try (Learner learner = learner(network, frozen, TestNetworks.optimizer(), threads, kernels)) {
      TestNetworks.train(learner, network, 0, STEPS);
      return learner.state().sha256();
    }
  }

  /** Without clipping, and batch norm apart, a gradient does not know who else is trained. */
  @ParameterizedTest
  @MethodSource("frozen")
  void theOthersMoveAsIfNothingWereFrozen(NetworkSpec network, List<String> frozen) {
    List<String> layers = frozen.stream().filter(name -> !name.matches("(bn|norm).*")).toList();
    OptimizerSpec unclipped = OptimizerSpec.heavyBall(0.9f, 1e-3f);
    try (Learner some = learner(network, layers, unclipped, 1, new VectorKernels());
        Learner all = learner(network, List.of(), unclipped, 1, new VectorKernels())) {
      TestNetworks.train(some, network, 0, 1);
      TestNetworks.train(all, network, 0, 1);
      Map<String, float[]> expected = copy(all);
      int compared = 0;
      for (StateTensor tensor : some.state().tensors()) {
        if (!isFrozen(tensor.name(), layers)) {
          assertArrayEquals(expected.get(tensor.name()), tensor.tensor().data(), tensor.name());
          compared++;
        }
      }
      assertTrue(compared > 3, "compared " + compared);
    }
  }

  @Test
  void aNameStandsForAllLayersBelowIt() {
    NetworkSpec network =
        new NetworkSpec(
            "nested",
            TestNetworks.plain().input(),
            TestNetworks.plain().nodes().stream()
                .map(node ->
                    TestNetworks.node(
                        node.name().replace("conv1", "layer1.0.conv"),
                        node.operation(),
                        node.inputs().stream()
                            .map(input -> input.replace("conv1", "layer1.0.conv"))
                            .toArray(String[]::new)))
                .toList(),
            TestNetworks.plain().loss());
    for (String name : List.of("layer1", "layer1.0", "layer1.0.conv")) {
      assertEquals(2, new FrozenLayers(List.of(name)).parameters(network).size());
    }
    for (String name : List.of("layer", "layer1.", "relu1", "")) {
      String message =
          String.valueOf(
              assertThrows(
                      IllegalArgumentException.class,
                      () -> new FrozenLayers(List.of(name)).parameters(network))
                  .getMessage());
      assertTrue(message.contains("[layer1.0.conv, fc]"), message);
    }
    assertThrows(
        IllegalArgumentException.class,
        () -> new FrozenLayers(List.of("layer1", "fc")).parameters(network));
  }
}
