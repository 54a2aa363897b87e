package io.millrace.model.kernel;

/**
 * Which passes of a convolution have so few channels that lanes across them would run mostly empty,
 * or chains be cut at every tap, as in a first layer or in LeNet-5. Functions of the shape alone,
 * because both twins have to agree: forward and backward weight multiply the padding's zeros rather
 * than skip them, which tells apart only signed zeros and what is not finite.
 */
final class FewChannels {
  /** Pixels of the smaller blocks: narrower images are for the direct kernels. */
  static final int BLOCK = 10;

  /** Floats of one row of taps of one output pixel that fit two vectors of 16 lanes. */
  static final int WINDOW = 32;

  /** Output channels that meet a vector of taps at a time. */
  static final int ROWS = 6;

  /** Windows whose results are computed before they are stored as pixels. */
  static final int STAGE = 128;

  /** Output channels that are reduced at a time. */
  static final int CHUNK = 16;

  /** Fewer channels than this leave most lanes empty. */
  private static final int FEW = 12;

  private FewChannels() {}

  /** Few outputs: lanes across pixels. */
  static boolean forward(Conv2dShape s) {
    return simple(s) && s.oc() < FEW && s.ow() >= BLOCK;
  }

  /** The same with a max pooling of 2 by 2 behind it. */
  static boolean pooledForward(Conv2dShape s, Pool2dShape pool) {
    return forward(s)
        && pool.kh() == 2
        && pool.kw() == 2
        && pool.sh() == 2
        && pool.sw() == 2
        && pool.ph() == 0
        && pool.pw() == 0;
  }

  /** Few inputs: lanes across a row of taps, which is to fill a vector of 16. */
  static boolean backwardInput(Conv2dShape s) {
    int taps = s.kw() * s.ic();
    return simple(s) && s.ic() < FEW && taps <= WINDOW && taps > WINDOW / 2 && s.oh() >= BLOCK;
  }

  /** All taps in one vector or two, with lanes across them; sums over n, ow, oh. */
  static boolean backwardWeightByTaps(Conv2dShape s) {
    int taps = s.ic() * s.kh() * s.kw();
    return simple(s) && taps <= WINDOW && taps > WINDOW / 2 && s.oh() >= BLOCK;
  }

  /** Blocks of taps, with lanes across outputs; sums over n, oh, ow. */
  static boolean backwardWeightByOutputs(Conv2dShape s) {
    return simple(s)
        && s.ic() < FEW
        && s.ic() * s.kw() >= BLOCK
        && s.oc() >= FEW
        && s.ow() >= BLOCK
        && !backwardWeightByTaps(s);
  }

  /** Floats of workspace that the passes need. */
  static int workspace(Conv2dShape s, boolean training) {
    int most = forward(s) ? forwardWorkspace(s) : 0;
    if (training && backwardInput(s)) {
      most = Math.max(most, backwardInputWorkspace(s));
    }
    if (training && backwardWeightByTaps(s)) {
      most = Math.max(most, byTapsWorkspace(s));
    }
    if (training && backwardWeightByOutputs(s)) {
      most = Math.max(most, byOutputsWorkspace(s));
    }
    return most;
  }

  /** Biases by vectors, the results of some rows of windows, and an image in planes. */
  static int forwardWorkspace(Conv2dShape s) {
    return roundUp(s.oc(), 2) * (CHUNK + 4 * STAGE) + planesElements(s);
  }

  /** Floats from one row of an image's planes to the next. */
  static int pitch(Conv2dShape s) {
    return (s.iw() + 2 * s.pw() + 1) / 2;
  }

  /** Floats of a plane, which has one in four of a channel's padded inputs. */
  static int plane(Conv2dShape s) {
    return (s.ih() + 2 * s.ph() + 1) / 2 * pitch(s);
  }

  /** With what windows that do not exist reach beyond the last row. */
  static int planesElements(Conv2dShape s) {
    return 4 * s.ic() * plane(s) + pitch(s) + 2 * CHUNK;
  }

  /**
   * Weights by windows, output gradients by columns, padded input gradients, and a spare window.
   */
  private static int backwardInputWorkspace(Conv2dShape s) {
    int columns = roundUp(s.oc(), CHUNK) * s.oh() * s.ow() + BLOCK * CHUNK;
    return s.kh() * s.oc() * WINDOW + columns + paddedElements(s) + 2 * WINDOW;
  }

  /** Results, a padded image, its rows of taps by columns, and output gradients of one. */
  private static int byTapsWorkspace(Conv2dShape s) {
    int columns = s.ow() * (s.ih() + 2 * s.ph()) * s.kw() * s.ic();
    int outputs = roundUp(s.oc(), ROWS);
    return outputs * WINDOW + paddedElements(s) + columns + 2 * WINDOW + outputs * s.oh();
  }

  /** Results, a padded image, and output gradients by panels. */
  private static int byOutputsWorkspace(Conv2dShape s) {
    int outputs = roundUp(s.oc(), CHUNK);
    return s.kh() * roundUp(s.kw() * s.ic(), BLOCK) * outputs
        + paddedElements(s)
        + BLOCK
        + outputs * s.oh() * s.ow();
  }

  /** Floats of an image between its padding. */
  static int paddedElements(Conv2dShape s) {
    return (s.ih() + 2 * s.ph()) * (s.iw() + 2 * s.pw()) * s.ic();
  }

  static int roundUp(int count, int multiple) {
    return (count + multiple - 1) / multiple * multiple;
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
