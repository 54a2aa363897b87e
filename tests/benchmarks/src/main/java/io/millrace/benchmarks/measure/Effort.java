package io.millrace.benchmarks.measure;

/**
 * How long a case is measured.
 *
 * @param rounds of one window for each task, the warm-up included; at least 2
 * @param windowMs of each window; a repetition that began is finished
 * @param patienceSeconds to wait in all while others use the processors
 */
public record Effort(int rounds, int windowMs, int patienceSeconds) {
  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the value out of range
   */
  public Effort {
    require(rounds >= 2, "rounds", 2, rounds);
    require(windowMs >= 1, "window", 1, windowMs);
    require(patienceSeconds >= 0, "patience", 0, patienceSeconds);
  }

  /** The first third of the rounds, thrown away. */
  public int warmUpRounds() {
    return (rounds + 2) / 3;
  }

  private static void require(boolean holds, String name, int least, int value) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": expected at least " + least + ", got " + value);
    }
  }
}
