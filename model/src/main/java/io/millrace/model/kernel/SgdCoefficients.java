package io.millrace.model.kernel;

/**
 * The numbers of one optimizer step for one tensor; one mutable object is reused, because a step
 * allocates nothing.
 */
public final class SgdCoefficients {
  /** Learning rate, times nothing else. */
  public float rate;

  /** Momentum mu in [0, 1). */
  public float momentum;

  /**
   * PyTorch's dampening in [0, 1]; equal to momentum it makes an exponential average of gradients.
   */
  public float dampening;

  /** Weight decay lambda, added to the gradient as lambda * w. */
  public float weightDecay;

  /** Factor on the gradient: what gradient-norm clipping decided, 1 where nothing is clipped. */
  public float gradientScale;

  public boolean nesterov;

  /**
   * True on a velocity's first step, where PyTorch starts it with the gradient itself, undamped.
   */
  public boolean first;
}
