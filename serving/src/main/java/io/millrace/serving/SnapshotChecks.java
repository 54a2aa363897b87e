package io.millrace.serving;

import io.millrace.SnapshotManifest;
import io.millrace.SnapshotMetrics;
import io.millrace.TensorInfo;
import io.millrace.TensorKind;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Tensor;
import io.millrace.schemas.SnapshotRecords;
import io.millrace.serving.AssemblyResult.Reason;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a manifest and the pieces before it must fulfil to be a snapshot. The manifest is judged
 * before any memory is taken for what it claims.
 */
final class SnapshotChecks {
  private SnapshotChecks() {}

  static Snapshot check(SnapshotManifest manifest, SnapshotParts parts, long maxBytes)
      throws RejectedSnapshotException {
    NetworkSpec network = network(manifest);
    PixelNormalization normalization = normalization(manifest, network);
    requireClassNames(manifest.getClassNames(), network);
    List<ParameterSpec> expected = NetworkParameters.list(network);
    requireTensors(manifest, expected, maxBytes);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < expected.size(); i++) {
      float[] values = parts.join(manifest.getTensors().get(i));
      tensors.put(expected.get(i).name(), new Tensor(expected.get(i).shape(), values));
    }
    SnapshotMetrics metrics = manifest.getMetrics();
    return new Snapshot(
        manifest.getModel(),
        manifest.getVersion(),
        manifest.getParentVersion().map(OptionalLong::of).orElse(OptionalLong.empty()),
        manifest.getStep(),
        manifest.getImages(),
        network,
        normalization,
        manifest.getClassNames(),
        tensors,
        manifest.getSha256(),
        new Snapshot.Metrics(
            metrics.getWindowSize(),
            metrics.getWindowLoss(),
            metrics.getWindowAccuracy(),
            metrics.getCumulativeLoss(),
            metrics.getCumulativeAccuracy()),
        manifest.getObserved().getTimeMs());
  }

  private static NetworkSpec network(SnapshotManifest manifest) throws RejectedSnapshotException {
    NetworkSpec network;
    try {
      network = NetworkSpecs.fromManifest(manifest.getNetwork());
    } catch (IllegalArgumentException e) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK, "network: " + e.getMessage() + "; upgrade this reader");
    }
    String fingerprint = network.fingerprint();
    if (!fingerprint.equals(manifest.getNetworkFingerprint())) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK,
          "network fingerprint: expected "
              + manifest.getNetworkFingerprint()
              + ", got "
              + fingerprint
              + "; the network in the manifest is not the one that was trained");
    }
    return network;
  }

  private static PixelNormalization normalization(SnapshotManifest manifest, NetworkSpec network)
      throws RejectedSnapshotException {
    PixelNormalization normalization;
    try {
      normalization =
          PixelNormalization.of(
              floats(manifest.getInput().getMean()), floats(manifest.getInput().getStd()));
    } catch (IllegalArgumentException e) {
      throw new RejectedSnapshotException(Reason.WRONG_NETWORK, String.valueOf(e.getMessage()));
    }
    if (normalization.channels() != network.input().extent(0)) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK,
          "normalization: expected "
              + network.input().extent(0)
              + " channels, got "
              + normalization.channels());
    }
    return normalization;
  }

  private static void requireClassNames(List<String> names, NetworkSpec network)
      throws RejectedSnapshotException {
    if (!names.isEmpty() && names.size() != network.classes()) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK,
          "class names: expected none or " + network.classes() + ", got " + names.size());
    }
  }

  private static void requireTensors(
      SnapshotManifest manifest, List<ParameterSpec> expected, long maxBytes)
      throws RejectedSnapshotException {
    List<TensorInfo> tensors = manifest.getTensors();
    List<String> names = tensors.stream().map(TensorInfo::getName).toList();
    List<String> expectedNames = expected.stream().map(ParameterSpec::name).toList();
    if (!names.equals(expectedNames)) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK, "tensors: expected " + expectedNames + ", got " + names);
    }
    long sizeBytes = 0;
    for (int i = 0; i < expected.size(); i++) {
      requireTensor(tensors.get(i), expected.get(i));
      sizeBytes += tensors.get(i).getSizeBytes();
    }
    if (sizeBytes > maxBytes) {
      throw new RejectedSnapshotException(
          Reason.TOO_LARGE,
          "tensors: expected at most "
              + maxBytes
              + " bytes, got "
              + sizeBytes
              + "; raise the limit to accept it");
    }
    String sha256 = SnapshotRecords.sha256(tensors);
    if (!sha256.equals(manifest.getSha256())) {
      throw new RejectedSnapshotException(
          Reason.CORRUPT, "SHA-256: expected " + manifest.getSha256() + ", got " + sha256);
    }
  }

  private static void requireTensor(TensorInfo tensor, ParameterSpec expected)
      throws RejectedSnapshotException {
    List<Integer> shape = Arrays.stream(expected.shape().toArray()).boxed().toList();
    TensorKind kind = expected.role().trained() ? TensorKind.PARAMETER : TensorKind.BUFFER;
    long sizeBytes = (long) expected.shape().elements() * Float.BYTES;
    if (!tensor.getShape().equals(shape)
        || tensor.getKind() != kind
        || tensor.getSizeBytes() != sizeBytes) {
      throw new RejectedSnapshotException(
          Reason.WRONG_NETWORK,
          String.format(
              "tensor %s: expected %s %s of %d bytes, got %s %s of %d",
              expected.name(),
              kind,
              shape,
              sizeBytes,
              tensor.getKind(),
              tensor.getShape(),
              tensor.getSizeBytes()));
    }
  }

  private static float[] floats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
