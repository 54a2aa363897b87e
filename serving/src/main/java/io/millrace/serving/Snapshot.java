package io.millrace.serving;

import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A published model that passed every check: complete, unchanged, and with the tensors that its
 * network needs.
 *
 * @param model the name of the network
 * @param version 1, 2, 3, ...
 * @param parentVersion the version that training went on from; empty for the first
 * @param step training steps done
 * @param images images trained on
 * @param network what to build
 * @param normalization what to do to pixels first; one channel for each of the network's input
 * @param classNames one for each class, or none at all
 * @param tensors parameters and buffers by name, in the order of the layers; only read the arrays
 * @param sha256 one number for all weights, equal for equal weights
 * @param metrics how good the model was while it learned
 * @param publishedMs the learner's wall clock at publication, in milliseconds since 1970
 */
public record Snapshot(
    String model,
    long version,
    OptionalLong parentVersion,
    long step,
    long images,
    NetworkSpec network,
    PixelNormalization normalization,
    List<String> classNames,
    Map<String, Tensor> tensors,
    String sha256,
    Metrics metrics,
    long publishedMs) {
  public Snapshot {
    classNames = List.copyOf(classNames);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * Prequential metrics: each image was predicted before it was trained on.
   *
   * @param windowSize the most recent images that the window's numbers cover
   */
  public record Metrics(
      int windowSize,
      double windowLoss,
      double windowAccuracy,
      double cumulativeLoss,
      double cumulativeAccuracy) {}

  /** What the tensors take. */
  public long sizeBytes() {
    return tensors.values().stream()
        .mapToLong(tensor -> (long) tensor.shape().elements() * Float.BYTES)
        .sum();
  }

  /** For example {@code small-cnn version 12}. */
  @Override
  public String toString() {
    return model + " version " + version;
  }
}
