package io.millrace.model.optimizer;

/** The same rate at every step. */
public record ConstantSchedule(double rate) implements Schedule {
  public ConstantSchedule {
    Schedules.requireRate(rate);
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    return rate;
  }
}
