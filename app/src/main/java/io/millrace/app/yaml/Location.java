package io.millrace.app.yaml;

/**
 * Where a value was written, as messages show it: {@code learner.yaml:12:9} or {@code --set a.b}.
 */
public record Location(String text) {
  /** A whole file. */
  static Location file(String name) {
    return new Location(name);
  }

  /**
   * A place in a file.
   *
   * @param line counted from 1
   * @param column counted from 1, in characters
   */
  static Location at(String file, int line, int column) {
    return new Location(file + ":" + line + ":" + column);
  }

  /** A value given on the command line. */
  static Location override(String path) {
    return new Location("--set " + path);
  }

  @Override
  public String toString() {
    return text;
  }
}
