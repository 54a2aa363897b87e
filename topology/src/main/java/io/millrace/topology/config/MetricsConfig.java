package io.millrace.topology.config;

/**
 * How learning is measured.
 *
 * @param window images over which windowed loss and accuracy are taken
 */
public record MetricsConfig(int window) {

  public MetricsConfig {
    if (window < 1 || window > 1_000_000) {
      throw new IllegalArgumentException(
          "metrics.window: expected 1 to 1000000 images, got " + window);
    }
  }
}
