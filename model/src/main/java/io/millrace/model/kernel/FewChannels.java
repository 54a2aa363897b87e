package io.millrace.model.kernel;

/**
 * Which passes of a convolution have so few channels that lanes across them would run mostly empty,
 * as in a first layer or in LeNet-5. Their lanes run across pixels or across taps instead, and they
 * multiply the padding's zeros rather than skip them, which tells apart only signed zeros and what
 * is not finite. Functions of the shape alone, because both twins have to agree.
 */
final class FewChannels {
  /** Taps of one output channel that fit two panels of lanes. */
  static final int TAPS = 32;

  /** Fewer channels than this leave most lanes empty. */
  private static final int FEW = 12;

  /** Floats of one row of taps, which are copied as one vector or two. */
  private static final int ROW = 16;

  private FewChannels() {}

  /** Few outputs: lanes across the pixels of a row. */
  static boolean forward(Conv2dShape s) {
    return simple(s) && s.oc() < FEW && s.ow() >= FEW;
  }

  /** Few inputs: lanes across the pixels of a row of dx. */
  static boolean backwardInput(Conv2dShape s) {
    return simple(s) && s.ic() < FEW && s.iw() >= FEW && s.ph() < s.kh() && s.pw() < s.kw();
  }

  /** Few inputs: lanes across the taps. */
  static boolean backwardWeight(Conv2dShape s) {
    return simple(s)
        && s.ic() * s.kh() * s.kw() <= TAPS
        && s.ic() * s.kh() * s.kw() > TAPS / 2
        && s.ic() * s.kw() <= ROW
        && s.ow() >= FEW;
  }

  private static boolean simple(Conv2dShape s) {
    return s.groups() == 1
        && !ConvolutionWeights.isDepthwise(s)
        && s.sh() == 1
        && s.sw() == 1
        && s.dh() == 1
        && s.dw() == 1
        && s.kh() > 1
        && s.kw() > 1;
  }
}
