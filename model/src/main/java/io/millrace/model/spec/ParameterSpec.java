package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;

/**
 * One tensor that a network learns or keeps.
 *
 * @param name the layer and the tensor, as PyTorch names it: {@code conv1.weight}
 */
public record ParameterSpec(String name, Shape shape, Role role) {
  /** What a tensor is for, which decides how it starts and whether it is trained or decays. */
  public enum Role {
    /** A convolution's [oc, ic/groups, kh, kw] or a linear layer's [out, in]. */
    WEIGHT,
    /** A convolution's or linear layer's [out]; starts at 0. */
    BIAS,
    /** Batch norm's scale [C]; starts at 1. */
    NORM_WEIGHT,
    /** Batch norm's shift [C]; starts at 0. */
    NORM_BIAS,
    /** Batch norm's running mean [C]; starts at 0, moved by the forward pass. */
    RUNNING_MEAN,
    /** Batch norm's running variance [C]; starts at 1, moved by the forward pass. */
    RUNNING_VAR;

    /** Whether the optimizer moves it; the others are buffers. */
    public boolean trained() {
      return this != RUNNING_MEAN && this != RUNNING_VAR;
    }
  }
}
