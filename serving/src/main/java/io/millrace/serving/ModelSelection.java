package io.millrace.serving;

/** Which version of a model is served. */
public sealed interface ModelSelection {
  /** The newest good version, and each newer one as it is published. */
  record Newest() implements ModelSelection {
    @Override
    public String toString() {
      return "newest";
    }
  }

  /** One version, whatever comes after it. */
  record Version(long version) implements ModelSelection {
    public Version {
      if (version < 1) {
        throw new IllegalArgumentException("version: expected 1 or above, got " + version);
      }
    }

    @Override
    public String toString() {
      return "version " + version;
    }
  }

  /** The version that a name stands for, such as {@code champion}, wherever it is moved. */
  record Alias(String name) implements ModelSelection {
    public Alias {
      if (name.isEmpty() || name.indexOf('/') >= 0) {
        throw new IllegalArgumentException(
            "alias: expected a name without '/', got '" + name + "'");
      }
    }

    @Override
    public String toString() {
      return "alias " + name;
    }
  }
}
