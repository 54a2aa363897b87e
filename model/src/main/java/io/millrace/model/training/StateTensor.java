package io.millrace.model.training;

import io.millrace.model.tensor.Tensor;

/**
 * One tensor of the training state.
 *
 * @param name such as {@code conv1.weight}, {@code bn1.running_mean}, {@code conv1.weight.velocity}
 * @param tensor shares the learner's array: who restores writes into it
 */
public record StateTensor(String name, Kind kind, Tensor tensor) {
  /** Who moves a tensor. */
  public enum Kind {
    /** Moved by the optimizer. */
    PARAMETER,
    /** Moved by the forward pass of training: batch norm's running statistics. */
    BUFFER,
    /** The optimizer's memory of past gradients. */
    VELOCITY
  }
}
