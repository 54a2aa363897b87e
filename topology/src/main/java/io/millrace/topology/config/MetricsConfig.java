package io.millrace.topology.config;

/**
 * How learning is measured.
 *
 * @param window images over which windowed loss and accuracy are taken
 * @param predictions whether each minibatch's record says what was predicted of each of its images
 * @param layersEverySteps after each step divisible by this, statistics of the layers are written;
 *     0 never
 */
public record MetricsConfig(int window, boolean predictions, long layersEverySteps) {

  /** The window is written with each commit as one record, which brokers take up to 1 MB of. */
  public static final int MAX_WINDOW = 100_000;

  /** A step of a small network takes a millisecond, and looking at it about as long. */
  public static final long DEFAULT_LAYERS_EVERY_STEPS = 200;

  /** The default: predictions of all images, layers now and then. */
  public static MetricsConfig ofWindow(int window) {
    return new MetricsConfig(window, true, DEFAULT_LAYERS_EVERY_STEPS);
  }

  public MetricsConfig {
    if (window < 1 || window > MAX_WINDOW) {
      throw new IllegalArgumentException(
          "metrics.window: expected 1 to " + MAX_WINDOW + " images, got " + window);
    }
    if (layersEverySteps < 0) {
      throw new IllegalArgumentException(
          "metrics.layersEverySteps: expected at least 0, got " + layersEverySteps);
    }
  }
}
