package io.millrace.tests.faults;

import java.util.Optional;

/**
 * One fault of a schedule.
 *
 * @param steps how many more training steps are committed before it strikes
 * @param delayMs how long it waits after these, or after a start; for faults that last, how long
 * @param choice which of several: a broker, a variant, a passage of a trap's point
 */
record Fault(FaultKind kind, int steps, long delayMs, int choice) {

  private static final long SLOW_STEP_MS = 6_000;
  private static final long OPEN_MS = 1_000;

  /** What the learner has to be started with for this fault to strike. */
  Optional<Trap> trap() {
    return switch (kind) {
      case SLOW_STEP -> Optional.of(new Trap(Point.STEP, choice, SLOW_STEP_MS));
      // Long enough for the process to be stopped while its transaction is open for sure.
      case TRANSACTION_TIMEOUT -> Optional.of(new Trap(Point.COMMIT, choice, OPEN_MS));
      default -> kind.point().map(point -> Trap.hold(point, choice));
    };
  }

  @Override
  public String toString() {
    return kind + "(steps=" + steps + ", delayMs=" + delayMs + ", choice=" + choice + ")";
  }
}
