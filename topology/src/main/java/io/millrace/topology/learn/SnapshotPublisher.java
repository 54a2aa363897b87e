package io.millrace.topology.learn;

import io.millrace.SnapshotInput;
import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.SnapshotObserved;
import io.millrace.SnapshotProvenance;
import io.millrace.TensorKind;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.StateTensor;
import io.millrace.model.training.TrainingState;
import io.millrace.schemas.SnapshotKey;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.schemas.SnapshotRecords.NamedTensor;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.state.PrequentialMetrics;
import io.millrace.topology.state.Progress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Makes the records of a version out of the training state, and the tombstones of an old one. */
final class SnapshotPublisher {

  private final LearnerConfig config;
  private final SnapshotNetwork network;
  private final List<String> tensorNames;
  private final String host = host();

  SnapshotPublisher(LearnerConfig config) {
    this.config = config;
    this.network = network(config.network());
    this.tensorNames =
        NetworkParameters.list(config.network()).stream().map(ParameterSpec::name).toList();
  }

  /**
   * Hands out everything of a version in the order in which it is to be sent.
   *
   * @param parent the version that training went on from; empty for the first
   */
  void publish(
      long version,
      OptionalLong parent,
      TrainingState state,
      Progress progress,
      Consumer<KeyedBytes> consumer) {
    SnapshotManifest manifest = manifest(version, parent, state, progress);
    String manifestKey = new SnapshotKey.Manifest(config.model(), version).text();
    SnapshotRecords.write(
        manifest,
        tensors(state),
        (key, value) ->
            consumer.accept(
                key.equals(manifestKey)
                    ? KeyedBytes.signed(key, value, config.signing().signer())
                    : KeyedBytes.of(key, value)));
  }

  /** Hands out what takes a version off the topic: it had the same tensors, so the same keys. */
  void retire(long version, TrainingState state, Consumer<KeyedBytes> consumer) {
    SnapshotRecords.keys(config.model(), version, tensors(state))
        .forEach(key -> consumer.accept(KeyedBytes.of(key, null)));
  }

  /** What a network needs to predict, layer by layer: velocities stay with the learner. */
  private List<NamedTensor> tensors(TrainingState state) {
    Map<String, StateTensor> byName = new HashMap<>();
    state.tensors().forEach(tensor -> byName.put(tensor.name(), tensor));
    return tensorNames.stream()
        .map(name -> named(Objects.requireNonNull(byName.get(name))))
        .toList();
  }

  private static NamedTensor named(StateTensor tensor) {
    return new NamedTensor(
        tensor.name(),
        tensor.kind() == StateTensor.Kind.BUFFER ? TensorKind.BUFFER : TensorKind.PARAMETER,
        toList(tensor.tensor().shape().toArray()),
        tensor.tensor().data());
  }

  private SnapshotManifest manifest(
      long version, OptionalLong parent, TrainingState state, Progress progress) {
    PrequentialMetrics metrics = progress.metrics();
    PixelNormalization normalization = config.images().normalization();
    SnapshotManifest manifest = new SnapshotManifest();
    manifest.setModel(config.model());
    manifest.setVersion(version);
    manifest.setParentVersion(parent.isPresent() ? parent.getAsLong() : null);
    manifest.setStep(state.step());
    manifest.setImages(progress.images());
    manifest.setNetwork(network);
    manifest.setNetworkFingerprint(config.network().fingerprint());
    manifest.setInput(new SnapshotInput(toList(normalization.mean()), toList(normalization.std())));
    manifest.setClassNames(config.images().classNames());
    manifest.setTensors(List.of());
    manifest.setProvenance(provenance(progress));
    manifest.setMetrics(
        new SnapshotMetrics(
            metrics.windowSize(),
            metrics.windowLoss(),
            metrics.windowAccuracy(),
            metrics.cumulativeLoss(),
            metrics.cumulativeAccuracy()));
    manifest.setObserved(observed());
    return manifest;
  }

  private SnapshotProvenance provenance(Progress progress) {
    return new SnapshotProvenance(
        config.seed(),
        Map.copyOf(config.optimizer().attributes()),
        schedule(progress),
        List.copyOf(progress.sources()),
        progress.eventTimeWatermarkMs() < 0 ? null : progress.eventTimeWatermarkMs(),
        Objects.requireNonNullElse(
            SnapshotPublisher.class.getPackage().getImplementationVersion(), "development"));
  }

  private String schedule(Progress progress) {
    OptionalDouble commanded = progress.control().learningRate();
    return commanded.isPresent()
        ? config.schedule() + ", now " + commanded.getAsDouble() + " by a command"
        : config.schedule().toString();
  }

  private SnapshotObserved observed() {
    Kernels kernels = KernelLookup.lookup();
    return new SnapshotObserved(
        System.currentTimeMillis(),
        Runtime.version().toString(),
        kernels.name(),
        kernels.lanes() == 1 ? 0 : kernels.lanes() * Float.SIZE,
        host);
  }

  private static SnapshotNetwork network(NetworkSpec spec) {
    return new SnapshotNetwork(
        spec.name(),
        toList(spec.input().toArray()),
        spec.loss().text(),
        spec.nodes().stream()
            .map(node ->
                new SnapshotNode(
                    node.name(),
                    node.operation().type(),
                    node.inputs(),
                    Map.copyOf(node.operation().attributes())))
            .toList());
  }

  private static List<Integer> toList(int[] values) {
    return Arrays.stream(values).boxed().toList();
  }

  private static List<Float> toList(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
