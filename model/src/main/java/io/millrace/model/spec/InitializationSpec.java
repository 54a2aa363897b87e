package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;

/**
 * How weights start; biases start at 0, norm weights at 1. Weights are drawn with mean 0 and
 *
 * <ul>
 *   <li>He (Kaiming): variance 2 / fan, which keeps the variance of activations (fan in) or of
 *       gradients (fan out) through ReLU layers (He et al. 2015, equations 10 and 14);
 *   <li>Glorot (Xavier): variance 2 / (fan in + fan out), for layers that are linear around 0
 *       (Glorot and Bengio 2010, equation 12); {@code fan} has no say.
 * </ul>
 *
 * <p>The default is He, normal, fan in: the nets here are ReLU nets, and fan out would start a last
 * layer of few classes with weights that saturate the softmax.
 *
 * <p>As in PyTorch, fan in is ic/groups * kh * kw, fan out oc * kh * kw, and a linear layer is a
 * 1x1 convolution.
 */
public record InitializationSpec(Scheme scheme, Distribution distribution, Fan fan) {
  /** Which variance. */
  public enum Scheme {
    HE,
    GLOROT
  }

  /** Which distribution of that variance. */
  public enum Distribution {
    NORMAL,
    UNIFORM
  }

  /** Which side's variance He keeps. */
  public enum Fan {
    IN,
    OUT
  }

  /** He, normal, fan in. */
  public static InitializationSpec withDefaults() {
    return new InitializationSpec(Scheme.HE, Distribution.NORMAL, Fan.IN);
  }

  /**
   * The standard deviation of a normal distribution, or the bound b of a uniform one on [-b, b).
   *
   * @param weight [oc, ic/groups, kh, kw] or [out, in]
   */
  public double scale(Shape weight) {
    if (weight.rank() != 2 && weight.rank() != 4) {
      throw new IllegalArgumentException(
          "initialization: expected a weight of rank 2 or 4, got " + weight);
    }
    double fanIn = (double) weight.elements() / weight.extent(0);
    double fanOut = (double) weight.elements() / weight.extent(1);
    double variance =
        switch (scheme) {
          case HE -> 2 / (fan == Fan.IN ? fanIn : fanOut);
          case GLOROT -> 2 / (fanIn + fanOut);
        };
    return switch (distribution) {
      case NORMAL -> Math.sqrt(variance);
      // The variance of a uniform distribution on [-b, b) is b^2 / 3.
      case UNIFORM -> Math.sqrt(3 * variance);
    };
  }
}
