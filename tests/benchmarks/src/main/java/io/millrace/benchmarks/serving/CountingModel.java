package io.millrace.benchmarks.serving;

import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotObserved;
import io.millrace.SnapshotProvenance;
import io.millrace.TensorKind;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A model of a million parameters whose answers tell its version: an image of ones gives {@code
 * hidden x (pixels x a + b) x c + version + class}, whole numbers that float32 holds, where each
 * tensor's numbers follow from the version. Weights of two versions mixed would be seen.
 */
final class CountingModel {
  static final String NAME = "counting";

  /** 1,001,551 parameters. */
  private static final int HIDDEN = 1_271;

  private static final int SIDE = 28;
  private static final int CLASSES = 3;

  static final NetworkSpec NETWORK =
      new NetworkSpec(
          NAME,
          Shape.of(1, SIDE, SIDE),
          List.of(
              new NodeSpec("flat", new OperationSpec.Flatten(), List.of("input")),
              new NodeSpec("hidden", new OperationSpec.Linear(HIDDEN, true), List.of("flat")),
              new NodeSpec("scores", new OperationSpec.Linear(CLASSES, true), List.of("hidden"))),
          LossSpec.SQUARED_ERROR);

  private CountingModel() {}

  /** What an image of ones gives. */
  static float[] answer(long version) {
    float[] answer = new float[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      answer[i] = HIDDEN * (SIDE * SIDE * a(version) + b(version)) * c(version) + version + i;
    }
    return answer;
  }

  private static float a(long version) {
    return version % 3;
  }

  private static float b(long version) {
    return version % 5 + 1;
  }

  private static float c(long version) {
    return version % 7 + 1;
  }

  /** Pixels that the network sees as ones. */
  static byte[] ones() {
    byte[] pixels = new byte[SIDE * SIDE];
    Arrays.fill(pixels, (byte) 255);
    return pixels;
  }

  /** The records of a version in the order in which they are to be sent. */
  static void write(long version, BiConsumer<String, byte[]> out) {
    SnapshotRecords.write(manifest(version), tensors(version), out);
  }

  private static List<NamedTensor> tensors(long version) {
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : NetworkParameters.list(NETWORK)) {
      float[] values = new float[parameter.shape().elements()];
      switch (parameter.name()) {
        case "hidden.weight" -> Arrays.fill(values, a(version));
        case "hidden.bias" -> Arrays.fill(values, b(version));
        case "scores.weight" -> Arrays.fill(values, c(version));
        case "scores.bias" -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = version + i;
          }
        }
        default -> throw new IllegalStateException(parameter.name());
      }
      tensors.add(
          new NamedTensor(
              parameter.name(),
              TensorKind.PARAMETER,
              Arrays.stream(parameter.shape().toArray()).boxed().toList(),
              values));
    }
    return tensors;
  }

  private static SnapshotManifest manifest(long version) {
    return SnapshotManifest.newBuilder()
        .setModel(NAME)
        .setVersion(version)
        .setParentVersion(version == 1 ? null : version - 1)
        .setStep(version)
        .setImages(version)
        .setNetwork(network())
        .setNetworkFingerprint(NETWORK.fingerprint())
        .setInput(new SnapshotInput(List.of(0f), List.of(1f)))
        .setClassNames(List.of())
        .setTensors(List.of())
        .setSha256("")
        .setProvenance(
            SnapshotProvenance.newBuilder()
                .setSeed(1)
                .setOptimizer(Map.of())
                .setSchedule("constant")
                .setSources(List.of())
                .setCodeVersion("benchmark")
                .build())
        .setMetrics(new SnapshotMetrics(1, 0.0, 0.0, 0.0, 0.0))
        .setObserved(new SnapshotObserved(System.currentTimeMillis(), "25", "none", 0, "benchmark"))
        .setChecksum("")
        .build();
  }

  private static SnapshotNetwork network() {
    List<SnapshotNode> nodes = new ArrayList<>();
    for (NodeSpec node : NETWORK.nodes()) {
      nodes.add(
          new SnapshotNode(
              node.name(), node.operation().type(), node.inputs(), node.operation().attributes()));
    }
    return new SnapshotNetwork(
        NAME,
        Arrays.stream(NETWORK.input().toArray()).boxed().toList(),
        NETWORK.loss().text(),
        nodes);
  }
}
