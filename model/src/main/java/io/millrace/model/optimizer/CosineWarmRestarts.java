package io.millrace.model.optimizer;

/**
 * floor + (rate - floor) * (1 + cos(pi * t / period)) / 2, where t counts the steps of the current
 * period and each period is {@code multiplier} times as long as the one before: SGDR (Loshchilov
 * and Hutter 2017, equation 5), PyTorch's {@code CosineAnnealingWarmRestarts}.
 *
 * @param rate the rate at the start of every period
 * @param period steps of the first period
 * @param multiplier at least 1; 1 for equal periods
 * @param floor what each period falls towards; from 0 to {@code rate}
 */
public record CosineWarmRestarts(double rate, long period, int multiplier, double floor)
    implements Schedule {
  public CosineWarmRestarts {
    Schedules.requireRate(rate);
    Schedules.requireSteps(period, "period");
    Schedules.require(multiplier >= 1, "multiplier", "at least 1", multiplier);
    Schedules.requireFloor(floor, rate);
  }

  @Override
  public double rate(long step) {
    Schedules.requireStep(step);
    long length = period;
    long inPeriod = step;
    if (multiplier == 1) {
      inPeriod = step % period;
    } else {
      // Lengths at least double, so this ends within 63 rounds.
      while (inPeriod >= length) {
        inPeriod -= length;
        length = length > Long.MAX_VALUE / multiplier ? Long.MAX_VALUE : length * multiplier;
      }
    }
    double cosine = StrictMath.cos(StrictMath.PI * inPeriod / length);
    return floor + (rate - floor) * (1 + cosine) / 2;
  }
}
