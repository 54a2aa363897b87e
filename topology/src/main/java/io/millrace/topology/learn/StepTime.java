package io.millrace.topology.learn;

import io.millrace.model.training.Learner;
import io.millrace.topology.config.LearnerConfig;

/** How long a training step takes on this machine. */
public final class StepTime {

  private static final long ENOUGH_NANOS = 200_000_000L;
  private static final int MOST_STEPS = 50;

  private StepTime() {}

  /**
   * Milliseconds of a full minibatch's step, measured on a learner that is thrown away. The first
   * steps run in the interpreter, so the last one counts; a network that is slow to compile looks
   * slower than it is, which errs on the safe side.
   */
  public static double measureMs(LearnerConfig config) {
    int size = config.minibatch().size();
    try (Learner learner = Learners.create(config)) {
      long begin = System.nanoTime();
      long last = 0;
      for (int step = 0; step < MOST_STEPS; step++) {
        long start = System.nanoTime();
        learner.step(size);
        last = System.nanoTime() - start;
        if (System.nanoTime() - begin > ENOUGH_NANOS) {
          break;
        }
      }
      return last / 1e6;
    }
  }
}
