package io.millrace.serving;

import io.millrace.model.onnx.OnnxOptions;
import io.millrace.model.onnx.OnnxWriter;
import io.millrace.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Snapshots in the formats of other programs. Equal snapshots give equal bytes. */
public final class SnapshotExport {
  /** The version of what {@link #metadata} says. */
  public static final String FORMAT = "1";

  private SnapshotExport() {}

  /** Writes the weights as safetensors, in the order of the layers, with {@link #metadata}. */
  public static void safetensors(Snapshot snapshot, OutputStream out) throws IOException {
    SafetensorsWriter.write(metadata(snapshot), snapshot.tensors(), out);
  }

  /**
   * Writes the whole network as ONNX, with {@link #metadata}.
   *
   * @param rawPixels whether it takes unsigned bytes and normalizes them by itself
   * @param probabilities whether it gives the softmax of the logits, too
   * @throws IllegalArgumentException as {@link OnnxWriter#write}
   */
  public static void onnx(
      Snapshot snapshot, boolean rawPixels, boolean probabilities, OutputStream out)
      throws IOException {
    OnnxOptions options =
        OnnxOptions.withDefaults().withOrigin(snapshot.version(), metadata(snapshot));
    if (rawPixels) {
      options = options.withRawPixels(snapshot.normalization());
    }
    if (probabilities) {
      options = options.withProbabilities();
    }
    OnnxWriter.write(snapshot.network(), snapshot.tensors(), options, out);
  }

  /**
   * What a file says of its snapshot, as text by key. {@code format} says {@code pt}, by which
   * other libraries know that names, shapes and order of the elements are PyTorch's. Class names
   * stand one a line.
   */
  public static SortedMap<String, String> metadata(Snapshot snapshot) {
    SortedMap<String, String> metadata = new TreeMap<>();
    metadata.put("format", "pt");
    metadata.put("millrace.format", FORMAT);
    metadata.put("millrace.model", snapshot.model());
    metadata.put("millrace.version", Long.toString(snapshot.version()));
    metadata.put("millrace.step", Long.toString(snapshot.step()));
    metadata.put("millrace.images", Long.toString(snapshot.images()));
    metadata.put("millrace.sha256", snapshot.sha256());
    metadata.put("millrace.network", snapshot.network().canonicalText());
    metadata.put("millrace.networkFingerprint", snapshot.network().fingerprint());
    metadata.put("millrace.mean", text(snapshot.normalization().mean()));
    metadata.put("millrace.std", text(snapshot.normalization().std()));
    metadata.put("millrace.classNames", String.join("\n", snapshot.classNames()));
    return Collections.unmodifiableSortedMap(metadata);
  }

  private static String text(float[] values) {
    StringJoiner text = new StringJoiner(",");
    for (float value : values) {
      text.add(Float.toString(value));
    }
    return text.toString();
  }
}
