package io.millrace.topology.config;

/**
 * When a minibatch is refused instead of trained on. One whose loss or gradient is not finite
 * always is. One whose loss or gradient norm is far above those of the last steps is refused where
 * it lies more than {@code sigmas} standard deviations above their mean and is at least twice that
 * mean.
 *
 * @param window accepted minibatches that the mean and the deviation are taken over; nothing counts
 *     as far above before there are so many
 * @param sigmas standard deviations that are still accepted; 0 accepts whatever is finite
 * @param pauseAfter refusals in a row after which training waits for an operator; 0 for never
 * @param resume whether a learner that waits goes on when it is started
 */
public record GuardConfig(int window, double sigmas, int pauseAfter, boolean resume) {

  public static final int MAX_WINDOW = 10_000;

  public GuardConfig {
    if (window < 2 || window > MAX_WINDOW) {
      throw new IllegalArgumentException(
          "guards.window: expected 2 to " + MAX_WINDOW + " minibatches, got " + window);
    }
    if (!(sigmas >= 0) || Double.isInfinite(sigmas)) {
      throw new IllegalArgumentException("guards.sigmas: expected at least 0, got " + sigmas);
    }
    if (pauseAfter < 0) {
      throw new IllegalArgumentException(
          "guards.pauseAfter: expected at least 0, got " + pauseAfter);
    }
  }

  public static GuardConfig withDefaults() {
    return new GuardConfig(128, 6, 10, false);
  }
}
