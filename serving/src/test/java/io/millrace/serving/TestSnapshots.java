package io.millrace.serving;

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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Snapshots as their records stand on the topic. */
final class TestSnapshots {
  /** A record of the topic. */
  record Entry(String key, byte[] value) {
    byte[] keyBytes() {
      return key.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Batch norm for buffers, and a linear layer of 300 KiB for a tensor of two chunks. */
  static final NetworkSpec NETWORK =
      new NetworkSpec(
          "small",
          Shape.of(2, 16, 16),
          List.of(
              new NodeSpec("conv", OperationSpec.Conv2d.of(8, 3).withPadding(1), List.of("input")),
              new NodeSpec("norm", OperationSpec.BatchNorm2d.withDefaults(), List.of("conv")),
              new NodeSpec("relu", new OperationSpec.Relu(), List.of("norm")),
              new NodeSpec("flat", new OperationSpec.Flatten(), List.of("relu")),
              new NodeSpec("hidden", new OperationSpec.Linear(38, true), List.of("flat")),
              new NodeSpec("scores", new OperationSpec.Linear(3, true), List.of("hidden"))),
          LossSpec.SOFTMAX_CROSS_ENTROPY);

  private TestSnapshots() {}

  static List<Entry> records(long version) {
    return records(manifest(version), tensors(version));
  }

  static List<Entry> records(SnapshotManifest manifest, List<NamedTensor> tensors) {
    List<Entry> records = new ArrayList<>();
    SnapshotRecords.write(manifest, tensors, (key, value) -> records.add(new Entry(key, value)));
    return records;
  }

  /** Weights of their own for each seed. */
  static List<NamedTensor> tensors(long seed) {
    Random random = new Random(seed);
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : NetworkParameters.list(NETWORK)) {
      float[] values = new float[parameter.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat(0.01f, 0.1f);
      }
      tensors.add(
          new NamedTensor(
              parameter.name(),
              parameter.role().trained() ? TensorKind.PARAMETER : TensorKind.BUFFER,
              Arrays.stream(parameter.shape().toArray()).boxed().toList(),
              values));
    }
    return tensors;
  }

  static SnapshotManifest manifest(long version) {
    return SnapshotManifest.newBuilder()
        .setModel(NETWORK.name())
        .setVersion(version)
        .setParentVersion(version == 1 ? null : version - 1)
        .setStep(100 * version)
        .setImages(3200 * version)
        .setNetwork(network(NETWORK))
        .setNetworkFingerprint(NETWORK.fingerprint())
        .setInput(new SnapshotInput(List.of(0.25f, 0.5f), List.of(0.5f, 0.25f)))
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
        .setObserved(new SnapshotObserved(1_700_000_000_000L, "25", "scalar", 0, "here"))
        .setChecksum("")
        .build();
  }

  static SnapshotNetwork network(NetworkSpec spec) {
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
}
