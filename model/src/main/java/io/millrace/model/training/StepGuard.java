package io.millrace.model.training;

/** Decides, when a minibatch's gradients are known, whether they may move the weights. */
@FunctionalInterface
public interface StepGuard {
  /** Accepts every step, even one that is not finite. */
  StepGuard NONE = (_, _) -> true;

  /**
   * Whether to take the step.
   *
   * @param meanLoss of the minibatch, with the weights from before the step
   * @param gradientNorm the Euclidean norm of the gradient of all parameters, before clipping; it
   *     is finite only if every gradient is
   */
  boolean accepts(float meanLoss, double gradientNorm);
}
