package io.millrace.tests.serving;

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
import io.millrace.serving.AssemblyResult;
import io.millrace.serving.AssemblyResult.Assembled;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotAssembler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A model whose answers tell its version: every tensor has whole numbers of the version, and an
 * image of ones gives {@code hidden x (pixels x a + b) x c + version + class}, exact in float32. No
 * two versions within 105 share a, b and c, so that weights of two versions mixed would be seen.
 *
 * @param side of the square image of one channel
 * @param hidden units of the hidden layer
 */
public record CountingModel(int side, int hidden) {
  static final String NAME = "counting";
  static final int CLASSES = 3;
  private static final long MAX_BYTES = 64 << 20;

  /** 55 weights in 4 chunks. */
  public static CountingModel small() {
    return new CountingModel(3, 4);
  }

  /** 1,001,551 weights in 19 chunks. */
  static CountingModel million() {
    return new CountingModel(28, 1_271);
  }

  NetworkSpec network() {
    return new NetworkSpec(
        NAME,
        Shape.of(1, side, side),
        List.of(
            new NodeSpec("flat", new OperationSpec.Flatten(), List.of("input")),
            new NodeSpec("hidden", new OperationSpec.Linear(hidden, true), List.of("flat")),
            new NodeSpec("scores", new OperationSpec.Linear(CLASSES, true), List.of("hidden"))),
        LossSpec.SQUARED_ERROR);
  }

  /** What an image of ones gives. */
  public float[] answer(long version) {
    float[] answer = new float[CLASSES];
    for (int i = 0; i < CLASSES; i++) {
      answer[i] = hidden * (side * side * a(version) + b(version)) * c(version) + version + i;
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

  /** The records of a version in the order in which they are to be sent. */
  void write(long version, BiConsumer<String, byte[]> out) {
    SnapshotRecords.write(manifest(version, System.currentTimeMillis()), tensors(version), out);
  }

  /** A version as it comes out of a subscriber. */
  public Snapshot snapshot(long version) {
    SnapshotAssembler assembler = new SnapshotAssembler(Optional.of(NAME), MAX_BYTES);
    List<AssemblyResult> results = new ArrayList<>();
    write(
        version,
        (key, value) -> results.add(assembler.accept(key.getBytes(StandardCharsets.UTF_8), value)));
    if (results.getLast() instanceof Assembled(Snapshot snapshot)) {
      return snapshot;
    }
    throw new AssertionError(results.getLast());
  }

  /** The manifest's and every chunk's key. */
  List<String> keys(long version) {
    return SnapshotRecords.keys(NAME, version, tensors(version));
  }

  List<NamedTensor> tensors(long version) {
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : NetworkParameters.list(network())) {
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

  SnapshotManifest manifest(long version, long timeMs) {
    NetworkSpec network = network();
    return SnapshotManifest.newBuilder()
        .setModel(NAME)
        .setVersion(version)
        .setParentVersion(version == 1 ? null : version - 1)
        .setStep(100 * version)
        .setImages(3200 * version)
        .setNetwork(network(network))
        .setNetworkFingerprint(network.fingerprint())
        .setInput(new SnapshotInput(List.of(0f), List.of(1f)))
        .setClassNames(List.of("zero", "one", "two"))
        .setTensors(List.of())
        .setSha256("")
        .setProvenance(
            SnapshotProvenance.newBuilder()
                .setSeed(1)
                .setOptimizer(Map.of())
                .setSchedule("constant")
                .setSources(List.of())
                .setCodeVersion("test")
                .build())
        .setMetrics(new SnapshotMetrics(1000, 0.5, 0.8, 0.75, 0.7))
        .setObserved(new SnapshotObserved(timeMs, "25", "scalar", 0, "here"))
        .setChecksum("")
        .build();
  }

  private static SnapshotNetwork network(NetworkSpec spec) {
    List<SnapshotNode> nodes = new ArrayList<>();
    for (NodeSpec node : spec.nodes()) {
      nodes.add(
          new SnapshotNode(
              node.name(), node.operation().type(), node.inputs(), node.operation().attributes()));
    }
    return new SnapshotNetwork(
        spec.name(),
        Arrays.stream(spec.input().toArray()).boxed().toList(),
        spec.loss().text(),
        nodes);
  }

  /** Pixels that the network sees as ones. */
  public byte[] ones() {
    byte[] pixels = new byte[side * side];
    Arrays.fill(pixels, (byte) 255);
    return pixels;
  }
}
