package io.millrace.tests.formats;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.millrace.app.network.NetworkFiles;
import io.millrace.model.onnx.OnnxOptions;
import io.millrace.model.onnx.OnnxWriter;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.OperationSpec.AveragePool2d;
import io.millrace.model.spec.OperationSpec.BatchNorm2d;
import io.millrace.model.spec.OperationSpec.Conv2d;
import io.millrace.model.spec.OperationSpec.Dropout;
import io.millrace.model.spec.OperationSpec.LeakyRelu;
import io.millrace.model.spec.OperationSpec.MaxPool2d;
import io.millrace.model.spec.Size2d;
import io.millrace.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Exported networks give in ONNX Runtime what they give here. */
class OnnxRuntimeTest {
  private static final float TOLERANCE = 1e-5f;
  private static final Shape INPUT = Shape.of(4, 11, 13);
  private static final int CLASSES = 5;

  @ParameterizedTest
  @CsvSource({"lenet5, 300", "small-cnn, 150", "resnet20, 60"})
  void logitsOfTheNetworksThatShipAreEqual(String name, int steps) throws OrtException {
    TrainedNetwork trained = TrainedNetwork.train(NetworkFiles.load(name, Path.of(".")), steps);
    assertEqualLogits(name, trained, 64);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void logitsAreEqualWithEachOperation(NetworkSpec network) throws OrtException {
    assertEqualLogits(network.name(), TrainedNetwork.train(network, 10), 9);
  }

  @Test
  void noOperationIsLeftOut() {
    Set<String> tried = new TreeSet<>();
    operations()
        .forEach(named ->
            named.getPayload().nodes().forEach(node -> tried.add(node.operation().type())));
    assertEquals(new TreeSet<>(OperationSpec.types()), tried);
  }

  @Test
  void rawPixelsAndProbabilitiesAreThoseOfThePredictor() throws OrtException {
    TrainedNetwork trained = TrainedNetwork.train(NetworkFiles.load("lenet5", Path.of(".")), 20);
    OnnxOptions options =
        OnnxOptions.withDefaults()
            .withRawPixels(TrainedNetwork.normalization(trained.network()))
            .withProbabilities()
            .withOrigin(12, Map.of("step", "20"));
    byte[] model = OnnxWriter.bytes(trained.network(), trained.tensors(), options);
    int n = 33;
    try (OnnxRuntime runtime = new OnnxRuntime(model, trained.network().input())) {
      assertEquals(Set.of(OnnxWriter.LOGITS, OnnxWriter.PROBABILITIES), runtime.outputs());
      assertEquals(Map.of("step", "20"), runtime.metadata());
      assertEquals(12, runtime.version());
      float[] images = trained.unseenImages(n);
      byte[] pixels = trained.unseenPixels(n);
      assertArrayEquals(
          trained.logits(images, n), runtime.run(pixels, n, OnnxWriter.LOGITS), TOLERANCE);
      assertArrayEquals(
          trained.probabilities(images, n),
          runtime.run(pixels, n, OnnxWriter.PROBABILITIES),
          TOLERANCE);
    }
  }

  @Test
  void namesOfLayersThatAreTakenStandForOtherValues() throws OrtException {
    NetworkSpec network =
        network(
            "names",
            LossSpec.SOFTMAX_CROSS_ENTROPY,
            node("logits", Conv2d.of(3, 3), "input"),
            node("pixels", new OperationSpec.Relu(), "logits"),
            node("pool", new OperationSpec.GlobalAveragePool(), "pixels"),
            node("pool.pooled", new OperationSpec.Flatten(), "pool"),
            node("fc", new OperationSpec.Linear(CLASSES, true), "pool.pooled"));
    assertEqualLogits("names", TrainedNetwork.train(network, 5), 3);
  }

  @Test
  void aNetworkOfSquaredErrorGivesScoresAndNoProbabilities() throws OrtException {
    NetworkSpec network =
        network(
            "squared",
            LossSpec.SQUARED_ERROR,
            node("flat", new OperationSpec.Flatten(), "input"),
            node("fc", new OperationSpec.Linear(CLASSES, true), "flat"));
    TrainedNetwork trained = TrainedNetwork.train(network, 5);
    byte[] model =
        OnnxWriter.bytes(network, trained.tensors(), OnnxOptions.withDefaults().withBatch(2));
    float[] images = trained.unseenImages(2);
    try (OnnxRuntime runtime = new OnnxRuntime(model, INPUT)) {
      assertArrayEquals(
          trained.probabilities(images, 2), runtime.run(images, 2, OnnxWriter.SCORES), TOLERANCE);
    }
    assertThrows(
        IllegalArgumentException.class,
        () ->
            OnnxWriter.bytes(
                network, trained.tensors(), OnnxOptions.withDefaults().withProbabilities()));
  }

  @Test
  void equalWeightsGiveEqualBytes() {
    NetworkSpec network = NetworkFiles.load("lenet5", Path.of("."));
    byte[] first = lenet(network);
    assertArrayEquals(first, lenet(network));
    assertTrue(first.length > 4 * 61_706, () -> "bytes: " + first.length);
  }

  private static byte[] lenet(NetworkSpec network) {
    return OnnxWriter.bytes(
        network,
        TrainedNetwork.train(network, 2).tensors(),
        OnnxOptions.withDefaults().withOrigin(1, Map.of("b", "2", "a", "1")));
  }

  private static void assertEqualLogits(String name, TrainedNetwork trained, int n)
      throws OrtException {
    byte[] model =
        OnnxWriter.bytes(trained.network(), trained.tensors(), OnnxOptions.withDefaults());
    float[] images = trained.unseenImages(n);
    float[] ours = trained.logits(images, n);
    try (OnnxRuntime runtime = new OnnxRuntime(model, trained.network().input())) {
      float[] theirs = runtime.run(images, n, OnnxWriter.LOGITS);
      float largest = 0;
      float furthest = 0;
      for (int i = 0; i < ours.length; i++) {
        largest = Math.max(largest, Math.abs(ours[i]));
        furthest = Math.max(furthest, Math.abs(ours[i] - theirs[i]));
      }
      System.out.printf("%s: logits up to %.3g, apart by %.2g%n", name, largest, furthest);
      assertTrue(largest > 1e-2, "logits up to " + largest + " say nothing");
      assertArrayEquals(ours, theirs, TOLERANCE, name);
    }
  }

  static Stream<Named<NetworkSpec>> operations() {
    List<NetworkSpec> networks = new ArrayList<>();
    Size2d one = Size2d.square(1);
    Size2d tall = new Size2d(3, 2);
    networks.add(image("conv", Conv2d.of(6, 3)));
    networks.add(image("conv-padded-strided", Conv2d.of(6, 3).withPadding(2).withStride(2)));
    networks.add(image("conv-dilated", Conv2d.of(6, 3).withDilation(2).withPadding(1)));
    networks.add(image("conv-grouped", Conv2d.of(6, 3).withGroups(2).withoutBias()));
    networks.add(image("conv-depthwise", Conv2d.of(4, 3).withGroups(4).withPadding(1)));
    networks.add(image("conv-depthwise-wider", Conv2d.of(8, 3).withGroups(4).withStride(2)));
    networks.add(image("conv-uneven", new Conv2d(6, tall, new Size2d(1, 2), tall, one, 1, true)));
    networks.add(image("relu", new OperationSpec.Relu()));
    networks.add(image("leaky-relu", new LeakyRelu(0.2f)));
    networks.add(image("max-pool", MaxPool2d.of(2)));
    networks.add(image("max-pool-padded", new MaxPool2d(Size2d.square(3), new Size2d(2, 1), one)));
    networks.add(image("average-pool", AveragePool2d.of(3)));
    networks.add(image("average-pool-padded", new AveragePool2d(tall, Size2d.square(2), one)));
    networks.add(image("batch-norm", new BatchNorm2d(0.01f, 0.3f)));
    networks.add(image("dropout", new Dropout(0.5f)));
    networks.add(
        network(
            "add-two",
            LossSpec.SOFTMAX_CROSS_ENTROPY,
            node("a", Conv2d.of(4, 3).withPadding(1), "input"),
            node("sum", new OperationSpec.Add(), "a", "input"),
            node("flat", new OperationSpec.Flatten(), "sum"),
            node("fc", new OperationSpec.Linear(CLASSES, true), "flat")));
    networks.add(
        network(
            "add-three",
            LossSpec.SOFTMAX_CROSS_ENTROPY,
            node("a", Conv2d.of(4, 1), "input"),
            node("b", new OperationSpec.Relu(), "a"),
            node("sum", new OperationSpec.Add(), "a", "input", "b"),
            node("flat", new OperationSpec.Flatten(), "sum"),
            node("fc", new OperationSpec.Linear(CLASSES, false), "flat")));
    networks.add(
        network(
            "concat",
            LossSpec.SOFTMAX_CROSS_ENTROPY,
            node("a", Conv2d.of(3, 1), "input"),
            node("maps", new OperationSpec.Concat(), "a", "input"),
            node("pool", new OperationSpec.GlobalAveragePool(), "maps"),
            node("flat", new OperationSpec.Flatten(), "input"),
            node("wide", new OperationSpec.Linear(6, true), "flat"),
            node("features", new OperationSpec.Concat(), "pool", "wide"),
            node("fc", new OperationSpec.Linear(CLASSES, true), "features")));
    return networks.stream().map(network -> Named.of(network.name(), network));
  }

  /** One operation on an image, between a convolution and a linear layer. */
  private static NetworkSpec image(String name, OperationSpec operation) {
    return network(
        name,
        LossSpec.SOFTMAX_CROSS_ENTROPY,
        node("before", Conv2d.of(4, 1), "input"),
        node("tried", operation, "before"),
        node("flat", new OperationSpec.Flatten(), "tried"),
        node("fc", new OperationSpec.Linear(CLASSES, true), "flat"));
  }

  private static NetworkSpec network(String name, LossSpec loss, NodeSpec... nodes) {
    return new NetworkSpec(name, INPUT, List.of(nodes), loss);
  }

  private static NodeSpec node(String name, OperationSpec operation, String... inputs) {
    return new NodeSpec(name, operation, List.of(inputs));
  }
}
