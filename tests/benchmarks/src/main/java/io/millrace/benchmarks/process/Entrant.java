package io.millrace.benchmarks.process;

import io.millrace.benchmarks.engines.Trainer;

/** An engine that gave the right losses at first, and its latest loss on each minibatch. */
final class Entrant {
  private final Trainer trainer;
  private final double firstLoss;
  private final String check;
  private final double[] latest;
  private int steps;

  /**
   * An engine that made some steps already.
   *
   * @param firstLoss that it ever gave
   * @param check what was found about its losses
   */
  Entrant(Trainer trainer, int minibatches, double firstLoss, String check) {
    this.trainer = trainer;
    this.firstLoss = firstLoss;
    this.check = check;
    latest = new double[minibatches];
  }

  Trainer trainer() {
    return trainer;
  }

  String check() {
    return check;
  }

  double firstLoss() {
    return firstLoss;
  }

  void step(int number) {
    latest[steps % latest.length] = trainer.step(number);
    steps++;
  }

  /** The mean over the last steps, at most one for each minibatch; NaN before the first step. */
  double lastLoss() {
    int count = Math.min(steps, latest.length);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += latest[i];
    }
    return sum / count;
  }
}
