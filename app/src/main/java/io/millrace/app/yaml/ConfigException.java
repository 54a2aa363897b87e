package io.millrace.app.yaml;

/**
 * A mistake in a file or a command-line override. The message is meant for the person who wrote it:
 * {@code learner.yaml:12:9: learningRate.gamma: expected a number in (0, 1], got 1.5}.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConfigException(Location location, String detail) {
    super(location + ": " + detail);
  }

  /**
   * @param path the dotted key at fault; left out where the location says it already
   */
  public ConfigException(Location location, String path, String detail) {
    super(
        location
            + ": "
            + (path.isEmpty() || location.equals(Location.override(path)) ? "" : path + ": ")
            + detail);
  }
}
