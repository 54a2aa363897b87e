package io.millrace.model.optimizer;

/**
 * The learning rate as a function of the step alone, so that a replay and a restart agree. The bits
 * are the same on every machine: {@link StrictMath} and plain IEEE arithmetic, whose results Java
 * defines exactly. The text form of a schedule, for provenance, is its {@code toString}.
 */
public sealed interface Schedule
    permits ConstantSchedule, StepDecay, MultiStep, Exponential, CosineWarmRestarts, LinearWarmup {
  /**
   * The learning rate of a step.
   *
   * @param step 0 for the first step ever; takes about the same time however large
   * @throws IllegalArgumentException if the step is negative
   */
  double rate(long step);
}
