package io.millrace.model.onnx;

import io.millrace.model.tensor.PixelNormalization;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What an ONNX file takes and gives beside the network itself.
 *
 * @param rawPixels if there, the file takes {@code pixels}, unsigned bytes, and normalizes them so
 *     itself; else it takes {@code input}, float32 that is normalized already
 * @param probabilities whether the file gives the softmax of the logits, too
 * @param batch images of a call; empty for any number
 * @param modelVersion the file's own version number
 * @param metadata free text by key
 */
public record OnnxOptions(
    Optional<PixelNormalization> rawPixels,
    boolean probabilities,
    OptionalInt batch,
    long modelVersion,
    Map<String, String> metadata) {
  public OnnxOptions {
    metadata = Map.copyOf(new TreeMap<>(metadata));
    if (batch.isPresent() && batch.getAsInt() < 1) {
      throw new IllegalArgumentException(
          "batch: expected at least 1 image, got " + batch.getAsInt());
    }
  }

  /** Normalized input, logits alone, any number of images, no metadata. */
  public static OnnxOptions withDefaults() {
    return new OnnxOptions(Optional.empty(), false, OptionalInt.empty(), 0, Map.of());
  }

  public OnnxOptions withRawPixels(PixelNormalization normalization) {
    return new OnnxOptions(
        Optional.of(normalization), probabilities, batch, modelVersion, metadata);
  }

  public OnnxOptions withProbabilities() {
    return new OnnxOptions(rawPixels, true, batch, modelVersion, metadata);
  }

  public OnnxOptions withBatch(int images) {
    return new OnnxOptions(
        rawPixels, probabilities, OptionalInt.of(images), modelVersion, metadata);
  }

  /** Where the weights come from. */
  public OnnxOptions withOrigin(long version, Map<String, String> text) {
    return new OnnxOptions(rawPixels, probabilities, batch, version, text);
  }
}
