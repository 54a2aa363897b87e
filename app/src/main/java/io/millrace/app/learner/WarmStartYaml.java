package io.millrace.app.learner;

import io.millrace.app.yaml.Section;
import io.millrace.schemas.TensorBytes;
import io.millrace.topology.config.WarmStartConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads what a model begins with. */
final class WarmStartYaml {

  private WarmStartYaml() {}

  static WarmStartConfig read(Section root, Path folder) {
    Section section = root.section("warmStart", "Weights to begin with, and layers that stay");
    String file =
        section.string(
            "file", "", "A safetensors file, read before the first step only; empty for none");
    String sha256 =
        section.string(
            "sha256", "", "Of the file; must be given once the file is not there any more");
    boolean strict =
        section.bool(
            "strict", true, "Whether all tensors must match the network by name and shape");
    boolean replaceHead =
        section.bool("replaceHead", false, "Whether the last layer begins anew, for other classes");
    List<String> freeze =
        section.strings(
            "freeze", List.of(), "Layers that do not learn, by name or what it begins with");
    return section.build(() -> {
      Optional<Path> path = file.isEmpty() ? Optional.empty() : Optional.of(folder.resolve(file));
      return new WarmStartConfig(
          path, path.map(p -> sha256(p, sha256)).orElse(sha256), strict, replaceHead, freeze);
    });
  }

  /** The file's, which is the configured one if there is one. */
  private static String sha256(Path file, String configured) {
    if (!Files.exists(file) && !configured.isEmpty()) {
      return configured;
    }
    String actual;
    try {
      actual = TensorBytes.sha256(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "file: expected a safetensors file at "
              + file
              + ", got none; for a model that has begun to learn, sha256 stands for it",
          e);
    }
    if (!configured.isEmpty() && !configured.equals(actual)) {
      throw new IllegalArgumentException(
          "sha256: expected that of " + file + ", " + actual + ", got " + configured);
    }
    return actual;
  }
}
