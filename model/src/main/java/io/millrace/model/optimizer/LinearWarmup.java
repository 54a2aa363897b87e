package io.millrace.model.optimizer;

/**
 * A straight rise in front of another schedule: then.rate(0) * (step + 1) / (steps + 1) for the
 * first {@code steps} steps; after them the other schedule from its own step 0.
 *
 * @param steps the length of the rise, at least 1
 * @param then what follows
 */
public record LinearWarmup(long steps, Schedule then) implements Schedule {
  public LinearWarmup {
    Schedules.requireSteps(steps, "steps");
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    return step < steps
        ? then.rate(0) * ((double) (step + 1) / ((double) steps + 1))
        : then.rate(step - steps);
  }
}
