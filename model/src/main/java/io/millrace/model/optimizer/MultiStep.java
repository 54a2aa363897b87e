package io.millrace.model.optimizer;

import java.util.List;

/**
 * rate * gamma^(number of milestones at or below the step): PyTorch's {@code MultiStepLR}.
 *
 * @param rate the rate before the first milestone
 * @param milestones steps at which the rate falls, rising, each at least 1
 * @param gamma in (0, 1]
 */
public record MultiStep(double rate, List<Long> milestones, double gamma) implements Schedule {
  public MultiStep {
    milestones = List.copyOf(milestones);
    Schedules.requireRate(rate);
    Schedules.requireGamma(gamma);
    long previous = 0;
    for (long milestone : milestones) {
      Schedules.require(
          milestone > previous, "milestones", "rising steps of at least 1", milestones);
      previous = milestone;
    }
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    int passed = 0;
    while (passed < milestones.size() && milestones.get(passed) <= step) {
      passed++;
    }
    return rate * StrictMath.pow(gamma, passed);
  }
}
