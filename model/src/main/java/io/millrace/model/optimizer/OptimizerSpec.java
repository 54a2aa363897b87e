package io.millrace.model.optimizer;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Minibatch SGD with momentum, as PyTorch's {@code torch.optim.SGD} defines it. With g the mean
 * gradient of the minibatch, mu the momentum, lambda the weight decay and lr the schedule's rate:
 *
 * <pre>
 * g = g * min(1, clipGradientNorm / |g|)      |g| over all parameters; only with clipping
 * g = g + lambda * w
 * v = g                                       on a velocity's first step
 * v = mu * v + (1 - dampening) * g            afterwards
 * g = g + mu * v    with Nesterov, else  g = v
 * w = w - lr * g
 * </pre>
 *
 * <p>Dampening 0 is the heavy ball, PyTorch's default; dampening = momentum makes v an exponential
 * average of the gradients. The learning rate is outside v, so that a change of rate takes hold at
 * once.
 *
 * @param momentum mu in [0, 1); 0 is plain SGD, without velocities
 * @param dampening in [0, 1]; 0 with Nesterov
 * @param nesterov looks ahead along the velocity; takes momentum
 * @param weightDecay lambda, at least 0
 * @param decayBiasesAndNorms whether biases and batch norm's weights and biases decay too (they do
 *     in PyTorch unless parameters are put into groups)
 * @param clipGradientNorm the largest Euclidean norm of the gradient of all parameters together,
 *     before weight decay; 0 for no clipping
 */
public record OptimizerSpec(
    float momentum,
    float dampening,
    boolean nesterov,
    float weightDecay,
    boolean decayBiasesAndNorms,
    float clipGradientNorm) {
  /**
   * @throws IllegalArgumentException naming the value out of range
   */
  public OptimizerSpec {
    Schedules.require(momentum >= 0 && momentum < 1, "momentum", "a number in [0, 1)", momentum);
    Schedules.require(
        dampening >= 0 && dampening <= 1, "dampening", "a number in [0, 1]", dampening);
    Schedules.require(
        weightDecay >= 0 && Float.isFinite(weightDecay),
        "weightDecay",
        "a number of at least 0",
        weightDecay);
    Schedules.require(
        clipGradientNorm >= 0 && Float.isFinite(clipGradientNorm),
        "clipGradientNorm",
        "a number of at least 0 (0 for no clipping)",
        clipGradientNorm);
    Schedules.require(
        !nesterov || (momentum > 0 && dampening == 0),
        "nesterov",
        "momentum above 0 and dampening 0",
        "momentum " + momentum + " and dampening " + dampening);
  }

  /** SGD without momentum, decay and clipping. */
  public static OptimizerSpec plain() {
    return new OptimizerSpec(0, 0, false, 0, true, 0);
  }

  /** Momentum as in PyTorch's default: v = mu * v + g. */
  public static OptimizerSpec heavyBall(float momentum, float weightDecay) {
    return new OptimizerSpec(momentum, 0, false, weightDecay, true, 0);
  }

  /** Momentum as an exponential average of gradients: v = mu * v + (1 - mu) * g. */
  public static OptimizerSpec averaging(float momentum, float weightDecay) {
    return new OptimizerSpec(momentum, momentum, false, weightDecay, true, 0);
  }

  /** Every value as text, by name, for the provenance of snapshots. */
  public SortedMap<String, String> attributes() {
    SortedMap<String, String> text = new TreeMap<>();
    text.put("momentum", Float.toString(momentum));
    text.put("dampening", Float.toString(dampening));
    text.put("nesterov", Boolean.toString(nesterov));
    text.put("weightDecay", Float.toString(weightDecay));
    text.put("decayBiasesAndNorms", Boolean.toString(decayBiasesAndNorms));
    text.put("clipGradientNorm", Float.toString(clipGradientNorm));
    return Collections.unmodifiableSortedMap(text);
  }
}
