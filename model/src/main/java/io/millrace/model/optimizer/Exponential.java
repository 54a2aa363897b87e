package io.millrace.model.optimizer;

/**
 * max(floor, rate * gamma^(step / everySteps)), smooth where {@link StepDecay} has stairs. With
 * {@code everySteps} 1 it is PyTorch's {@code ExponentialLR} with a floor.
 *
 * @param rate the rate of the first step
 * @param everySteps the steps in which the rate falls by gamma
 * @param gamma in (0, 1]
 * @param floor the rate never falls below it; from 0 to {@code rate}
 */
public record Exponential(double rate, long everySteps, double gamma, double floor)
    implements Schedule {
  public Exponential {
    Schedules.requireRate(rate);
    Schedules.requireSteps(everySteps, "everySteps");
    Schedules.requireGamma(gamma);
    Schedules.requireFloor(floor, rate);
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    return Math.max(floor, rate * StrictMath.pow(gamma, (double) step / everySteps));
  }
}
