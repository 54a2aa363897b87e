package io.millrace.topology.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a model begins with instead of drawn weights, and what of it stays. The file is read before
 * the first step and never again: after that, the weights are in the training state.
 *
 * @param file a safetensors file; empty to draw the weights
 * @param sha256 of the file's bytes, in lower-case hexadecimal; empty where there is no file
 * @param strict whether every tensor of the network must be in the file in its shape, and no other
 * @param replaceHead whether the last layer with weights is drawn anew, as for other classes
 * @param freeze layers that do not learn, or what their names begin with
 */
public record WarmStartConfig(
    Optional<Path> file, String sha256, boolean strict, boolean replaceHead, List<String> freeze) {

  public WarmStartConfig {
    freeze = List.copyOf(freeze);
    if (file.isPresent() == sha256.isEmpty()) {
      throw new IllegalArgumentException(
          "warmStart: expected a file and its SHA-256 or neither, got " + file + " and " + sha256);
    }
  }

  /** Drawn weights, all of which learn. */
  public static WarmStartConfig none() {
    return new WarmStartConfig(Optional.empty(), "", true, false, List.of());
  }

  /** What decides weights, as text by configuration key; nothing for {@link #none}. */
  void addSettings(Map<String, String> settings) {
    if (file.isPresent()) {
      settings.put("warmStart.sha256", sha256);
      settings.put("warmStart.strict", Boolean.toString(strict));
      settings.put("warmStart.replaceHead", Boolean.toString(replaceHead));
    }
    if (!freeze.isEmpty()) {
      settings.put("warmStart.freeze", freeze.toString());
    }
  }
}
