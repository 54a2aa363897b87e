package io.millrace.schemas;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The key of a record on the snapshot topic, UTF-8 text. Keys of one model sort by version, and no
 * two records of live snapshots share one, so that compaction keeps all of them until a version's
 * keys are tombstoned.
 */
public sealed interface SnapshotKey {
  /** The highest version that 12 digits hold. */
  long MAX_VERSION = 999_999_999_999L;

  String model();

  long version();

  /** The key as it stands on the topic. */
  String text();

  /** {@code <model>/<version>/tensor/<tensor>/<chunk>}: a {@code SnapshotTensor}. */
  record Chunk(String model, long version, String tensor, int chunk) implements SnapshotKey {
    public Chunk {
      Format.require(model, version);
      Format.requireName("tensor", tensor);
      if (chunk < 0) {
        throw new IllegalArgumentException(
            "snapshot key: chunk: expected 0 or above, got " + chunk);
      }
    }

    @Override
    public String text() {
      return Format.prefix(model, version) + "tensor/" + tensor + "/" + chunk;
    }
  }

  /** {@code <model>/<version>/manifest}: a {@code SnapshotManifest}, after all of its chunks. */
  record Manifest(String model, long version) implements SnapshotKey {
    public Manifest {
      Format.require(model, version);
    }

    @Override
    public String text() {
      return Format.prefix(model, version) + "manifest";
    }
  }

  /** The key that {@code text} is, or empty for any other text. */
  static Optional<SnapshotKey> parse(String text) {
    Matcher matcher = Format.KEY.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String model = matcher.group("model");
    long version = Long.parseLong(matcher.group("version"));
    String tensor = matcher.group("tensor");
    if (version == 0) {
      return Optional.empty();
    }
    return Optional.of(
        tensor == null
            ? new Manifest(model, version)
            : new Chunk(model, version, tensor, Integer.parseInt(matcher.group("chunk"))));
  }

  /** How keys are written and read. */
  final class Format {
    // A model's and a tensor's name as NetworkSpec and NodeSpec allow them: never a slash.
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,199}";
    private static final Pattern NAME_PATTERN = Pattern.compile(NAME);
    private static final Pattern KEY =
        Pattern.compile(
            "(?<model>"
                + NAME
                + ")/(?<version>[0-9]{12})/(?:manifest|tensor/(?<tensor>"
                + NAME
                + ")/(?<chunk>0|[1-9][0-9]{0,8}))");

    private Format() {}

    private static String prefix(String model, long version) {
      return String.format("%s/%012d/", model, version);
    }

    private static void require(String model, long version) {
      requireName("model", model);
      if (version < 1 || version > MAX_VERSION) {
        throw new IllegalArgumentException(
            "snapshot key: version: expected 1 to " + MAX_VERSION + ", got " + version);
      }
    }

    private static void requireName(String part, String name) {
      if (!NAME_PATTERN.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "snapshot key: "
                + part
                + ": expected at most 200 letters, digits, '.', '_' and '-', a letter or digit"
                + " first, got '"
                + name
                + "'");
      }
    }
  }
}
