package io.millrace.tests.fuzz;

import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotObserved;
import io.millrace.SnapshotProvenance;
import io.millrace.SnapshotTensor;
import io.millrace.TensorInfo;
import io.millrace.TensorKind;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.schemas.AvroCodec;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import io.millrace.schemas.TensorBytes;
import io.millrace.tests.fuzz.SnapshotFrames.Frame;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Whole snapshots of a small network, in chunks so small that its tensors have several. */
final class SnapshotSeeds {
  static final NetworkSpec NETWORK =
      new NetworkSpec(
          "small",
          Shape.of(1, 4, 4),
          List.of(
              new NodeSpec("conv", OperationSpec.Conv2d.of(2, 3), List.of(NetworkSpec.INPUT)),
              new NodeSpec("norm", OperationSpec.BatchNorm2d.withDefaults(), List.of("conv")),
              new NodeSpec("flat", new OperationSpec.Flatten(), List.of("norm")),
              new NodeSpec("fc", new OperationSpec.Linear(3, true), List.of("flat"))),
          LossSpec.SOFTMAX_CROSS_ENTROPY);

  static final AvroCodec<SnapshotTensor> CHUNKS = AvroCodec.of(SnapshotTensor.class);
  private static final int CHUNK_BYTES = 64;

  private SnapshotSeeds() {}

  /** The records of a version, the manifest last. */
  static List<Frame> frames(long version) {
    List<Frame> frames = new ArrayList<>();
    List<NamedTensor> tensors = tensors(version);
    SnapshotManifest manifest = manifest(version);
    SnapshotRecords.write(manifest, tensors, (_, _) -> {});
    for (int i = 0; i < tensors.size(); i++) {
      TensorInfo info = manifest.getTensors().get(i);
      ByteBuffer bytes = ByteBuffer.wrap(TensorBytes.chunk(tensors.get(i).values(), 0));
      info.setChunks((info.getSizeBytes() + CHUNK_BYTES - 1) / CHUNK_BYTES);
      for (int chunk = 0; chunk < info.getChunks(); chunk++) {
        byte[] data = new byte[Math.min(CHUNK_BYTES, bytes.remaining())];
        bytes.get(data);
        SnapshotTensor piece = new SnapshotTensor();
        piece.setVersion(version);
        piece.setTensor(info.getName());
        piece.setChunk(chunk);
        piece.setChunks(info.getChunks());
        piece.setOffset(chunk * CHUNK_BYTES);
        piece.setData(ByteBuffer.wrap(data));
        frames.add(chunk(piece));
      }
    }
    frames.add(manifest(manifest));
    return frames;
  }

  /** A chunk under the key that it says itself, as far as a key can say it. */
  static Frame chunk(SnapshotTensor piece) {
    String key =
        String.format(
            "small/%012d/tensor/%s/%d", piece.getVersion(), piece.getTensor(), piece.getChunk());
    return new Frame(key.getBytes(StandardCharsets.UTF_8), CHUNKS.encode(piece));
  }

  /** A manifest with its checksum under the key that it says itself. */
  static Frame manifest(SnapshotManifest manifest) {
    byte[] value = SnapshotRecords.seal(manifest);
    String key = String.format("%s/%012d/manifest", manifest.getModel(), manifest.getVersion());
    return new Frame(key.getBytes(StandardCharsets.UTF_8), value);
  }

  static boolean isManifest(Frame frame) {
    return SnapshotKey.parse(new String(frame.key(), StandardCharsets.UTF_8))
        .filter(SnapshotKey.Manifest.class::isInstance)
        .isPresent();
  }

  /** The weights of a version. */
  static List<NamedTensor> tensors(long version) {
    Random random = new Random(version);
    List<NamedTensor> tensors = new ArrayList<>();
    for (ParameterSpec parameter : NetworkParameters.list(NETWORK)) {
      float[] values = new float[parameter.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextFloat(0.1f, 1f);
      }
      tensors.add(
          new NamedTensor(
              parameter.name(),
              kind(parameter),
              Arrays.stream(parameter.shape().toArray()).boxed().toList(),
              values));
    }
    return tensors;
  }

  static TensorKind kind(ParameterSpec parameter) {
    return parameter.role().trained() ? TensorKind.PARAMETER : TensorKind.BUFFER;
  }

  static SnapshotManifest manifest(long version) {
    List<SnapshotNode> nodes = new ArrayList<>();
    for (NodeSpec node : NETWORK.nodes()) {
      nodes.add(
          new SnapshotNode(
              node.name(), node.operation().type(), node.inputs(), node.operation().attributes()));
    }
    return SnapshotManifest.newBuilder()
        .setModel(NETWORK.name())
        .setVersion(version)
        .setParentVersion(version - 1)
        .setStep(version)
        .setImages(32 * version)
        .setNetwork(
            new SnapshotNetwork(NETWORK.name(), List.of(1, 4, 4), NETWORK.loss().text(), nodes))
        .setNetworkFingerprint(NETWORK.fingerprint())
        .setInput(new SnapshotInput(List.of(0.5f), List.of(0.25f)))
        .setClassNames(List.of("a", "b", "c"))
        .setTensors(List.of())
        .setSha256("")
        .setProvenance(
            new SnapshotProvenance(
                1L, Map.of("momentum", "0.9"), "constant", List.of(), 7L, "test"))
        .setMetrics(new SnapshotMetrics(10, 0.5, 0.8, 0.75, 0.7))
        .setObserved(new SnapshotObserved(1_700_000_000_000L, "25", "scalar", 0, "here"))
        .setChecksum("")
        .build();
  }
}
