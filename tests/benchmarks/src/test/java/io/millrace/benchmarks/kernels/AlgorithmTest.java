package io.millrace.benchmarks.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class AlgorithmTest {
  private static final Layer WINOGRAD = Layers.at("resnet20 layer3");
  private static final Layer FEW_CHANNELS = Layers.at("lenet5 conv2");
  private static final Layer LINEAR = Layers.at("lenet5 fc2");

  /** Fewer than shards, so that some are empty. */
  private static final int SAMPLES = 5;

  @SuppressWarnings("unused") // A source of parameters.
  private static final List<Algorithm> ALGORITHMS = Algorithm.ALL;

  @Test
  void trainingsWayIsWhatRuns() {
    assertEquals(
        Set.of("winogradWeights", "winogradForward", "winogradBackward"), calls(true, WINOGRAD));
    assertEquals(
        Set.of("conv2dForward", "conv2dBackwardInput", "conv2dBackwardWeight"),
        calls(true, FEW_CHANNELS));
    assertEquals(
        Set.of("linearForward", "linearBackwardInput", "linearBackwardWeight"),
        calls(true, LINEAR));
  }

  @Test
  void theDefinitionRunsWhereItIsAskedFor() {
    assertEquals(
        Set.of("conv2dForward", "conv2dBackwardInput", "conv2dBackwardWeight"),
        calls(false, WINOGRAD));
  }

  @Test
  void waysAreNamed() {
    Algorithm vector = Algorithm.named("vector");
    Algorithm direct = Algorithm.named("vector-direct");
    assertEquals("winograd", vector.way(WINOGRAD));
    assertEquals("direct", direct.way(WINOGRAD));
    assertEquals("direct / few channels / direct", vector.way(FEW_CHANNELS));
    assertEquals("depthwise", vector.way(Layers.at("depthwise")));
    assertEquals("linear", vector.way(LINEAR));
    assertTrue(direct.fits(WINOGRAD));
    assertFalse(direct.fits(FEW_CHANNELS));
    assertFalse(direct.fits(LINEAR));
    assertThrows(IllegalArgumentException.class, () -> Algorithm.named("none like this"));
  }

  @Test
  void onlyTransformsMayBeOffByMore() {
    assertEquals(1e-4, Algorithm.named("scalar").bound(WINOGRAD));
    assertEquals(2e-6, Algorithm.named("scalar-direct").bound(WINOGRAD));
    assertEquals(2e-6, Algorithm.named("vector").bound(FEW_CHANNELS));
    assertEquals(2e-6, Algorithm.named("vector").bound(LINEAR));
    assertEquals(4e-6, Algorithm.named("vector").bound(new Layer.FullyConnected("", 4096, 2)));
  }

  @ParameterizedTest
  @FieldSource("ALGORITHMS")
  void everyPassComputesTheLayer(Algorithm algorithm) {
    for (Layer layer : List.of(WINOGRAD, FEW_CHANNELS, LINEAR, Layers.at("depthwise"))) {
      if (algorithm.fits(layer)) {
        LayerData data = LayerData.random(layer, SAMPLES);
        DoubleReference reference = DoubleReference.of(layer, data);
        LayerRun together = algorithm.prepare(layer, data);
        LayerRun apart = algorithm.prepare(layer, data);
        together.forward();
        together.backward();
        apart.backwardWeight();
        double bound = algorithm.bound(layer);
        assertTrue(Distance.of(reference.y(), together.y()).within(bound), layer.place());
        assertTrue(Distance.of(reference.dx(), together.dx()).within(bound), layer.place());
        assertTrue(
            Distance.of(reference.dWeight(), together.dWeight()).within(bound), layer.place());
        assertArrayEquals(together.dWeight(), apart.dWeight(), 0, layer.place());
        if (algorithm.passes(layer).contains(Pass.BACKWARD_INPUT)) {
          apart.backwardInput();
          assertArrayEquals(together.dx(), apart.dx(), 0, layer.place());
        } else {
          assertThrows(UnsupportedOperationException.class, apart::backwardInput);
        }
      }
    }
  }

  @Test
  void distanceTellsNaNFromNear() {
    double[] reference = {4, -2};
    assertEquals(new Distance(0.25, Math.sqrt(1 / 20.0)), Distance.of(reference, floats(4, -1)));
    assertTrue(Distance.of(reference, floats(4, -1)).within(0.25));
    assertFalse(Distance.of(reference, floats(4, -1)).within(0.2));
    assertFalse(Distance.of(reference, floats(Float.NaN, -2)).within(1e9));
  }

  /** The convolution's and linear layer's kernels that an algorithm calls. */
  private static Set<String> calls(boolean planned, Layer layer) {
    Set<String> calls = new TreeSet<>();
    Kernels kernels = new ScalarKernels();
    InvocationHandler recorder =
        (_, method, arguments) -> {
          calls.add(method.getName());
          return method.invoke(kernels, arguments);
        };
    Kernels recording =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, recorder);
    LayerRun run =
        new Algorithm("recording", recording, planned)
            .prepare(layer, LayerData.random(layer, SAMPLES));
    run.forward();
    run.backward();
    return calls;
  }

  private static float[] floats(float... values) {
    return values;
  }
}
