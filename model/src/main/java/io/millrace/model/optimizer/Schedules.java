package io.millrace.model.optimizer;

/** What the checks of schedules and optimizer share. */
final class Schedules {
  private Schedules() {}

  static void require(boolean holds, String name, String expected, Object actual) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": expected " + expected + ", got " + actual);
    }
  }

  static void requireRate(double rate) {
    require(rate > 0 && Double.isFinite(rate), "rate", "a number above 0", rate);
  }

  static void requireGamma(double gamma) {
    require(gamma > 0 && gamma <= 1, "gamma", "a number in (0, 1]", gamma);
  }

  static void requireFloor(double floor, double rate) {
    require(floor >= 0 && floor <= rate, "floor", "a number from 0 to the rate " + rate, floor);
  }

  static void requireSteps(long steps, String name) {
    require(steps >= 1, name, "at least 1 step", steps);
  }

  static void requireStep(long step) {
    // Asked at each training step, which must not box.
    if (step < 0) {
      require(false, "step", "at least 0", step);
    }
  }
}
