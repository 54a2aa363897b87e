package io.millrace.topology.config;

/**
 * When images become a minibatch.
 *
 * @param size images in a full minibatch
 * @param lingerMs a smaller minibatch is trained when its first image has waited this long by the
 *     wall clock; 0 waits for a full one for ever
 */
public record MinibatchConfig(int size, long lingerMs) {

  public static final int MAX_SIZE = 4096;

  public MinibatchConfig {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "minibatch.size: expected 1 to " + MAX_SIZE + ", got " + size);
    }
    if (lingerMs < 0) {
      throw new IllegalArgumentException(
          "minibatch.lingerMs: expected at least 0, got " + lingerMs);
    }
  }
}
