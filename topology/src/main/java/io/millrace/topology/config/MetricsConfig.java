package io.millrace.topology.config;

/**
 * How learning is measured.
 *
 * @param window images over which windowed loss and accuracy are taken
 */
public record MetricsConfig(int window) {

  /** The window is written with each commit as one record, which brokers take up to 1 MB of. */
  public static final int MAX_WINDOW = 100_000;

  public MetricsConfig {
    if (window < 1 || window > MAX_WINDOW) {
      throw new IllegalArgumentException(
          "metrics.window: expected 1 to " + MAX_WINDOW + " images, got " + window);
    }
  }
}
