package io.millrace.model.optimizer;

/**
 * max(floor, rate * gamma^floor(step / everySteps)): PyTorch's {@code StepLR} with a floor, because
 * a stream never ends.
 *
 * @param rate the rate of the first {@code everySteps} steps
 * @param gamma in (0, 1]
 * @param floor the rate never falls below it; from 0 to {@code rate}
 */
public record StepDecay(double rate, long everySteps, double gamma, double floor)
    implements Schedule {
  public StepDecay {
    Schedules.requireRate(rate);
    Schedules.requireSteps(everySteps, "everySteps");
    Schedules.requireGamma(gamma);
    Schedules.requireFloor(floor, rate);
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    long decays = step / everySteps;
    return Math.max(floor, rate * StrictMath.pow(gamma, (double) decays));
  }
}
