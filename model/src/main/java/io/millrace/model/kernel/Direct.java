package io.millrace.model.kernel;

/**
 * What both twins of the direct convolution agree on: which passes multiply the padding's zeros
 * rather than skip them, which tells apart only signed zeros and what is not finite, and how much
 * memory they need. Functions of the shape alone.
 */
final class Direct {
  /** Columns of the widest panel of weights. */
  static final int PANEL = 32;

  /** Floats between the taps of two pixels: as much as a copy or a block may go beyond the last. */
  private static final int GAP = 16;

  /** A row of taps shorter than this is not worth a loop of its own. */
  private static final int SHORT = 16;

  /** Floats of input values laid out for the backward weight pass, to stay in the second cache. */
  private static final int PATCHES = 1 << 15;

  private static final int FEWEST_PIXELS = 32;
  private static final int MOST_PIXELS = 128;

  private Direct() {}

  /** Whether the forward pass works on a padded copy of the input. */
  static boolean padsForward(Conv2dShape s) {
    return s.groups() == 1
        && s.kh() * s.kw() > 1
        && s.ic() * s.kw() < SHORT
        && !ConvolutionWeights.isDepthwise(s)
        && !FewChannels.forward(s);
  }

  /** Floats of the padded copy of one sample. */
  static int paddedElements(Conv2dShape s) {
    return (s.ih() + 2 * s.ph()) * (s.iw() + 2 * s.pw()) * s.ic();
  }

  /** Inputs that meet an output's channel. */
  static int taps(Conv2dShape s) {
    return s.kh() * s.kw() * s.groupInputs();
  }

  /**
   * Floats from one output pixel's taps to the next one's, as the backward weight pass has them.
   */
  static int patchElements(Conv2dShape s) {
    return taps(s) + GAP;
  }

  /** Output pixels whose input values the backward weight pass lays out at a time. */
  static int patchPixels(Conv2dShape s) {
    return Math.clamp(PATCHES / patchElements(s), FEWEST_PIXELS, MOST_PIXELS);
  }

  /** Floats of workspace for a forward pass of any number of samples. */
  static int forwardWorkspace(Conv2dShape s) {
    int padded = padsForward(s) ? paddedElements(s) : 0;
    return padded + s.groups() * panels(taps(s), s.groupOutputs());
  }

  /** Floats of workspace for any pass. */
  static int workspace(Conv2dShape s) {
    int backwardInput = s.groups() * panels(s.kh() * s.kw() * s.groupOutputs(), s.groupInputs());
    int patches = patchPixels(s) * (patchElements(s) + PANEL);
    int backwardWeight = Math.max(patches, paddedElements(s));
    return Math.max(forwardWorkspace(s), Math.max(backwardInput, backwardWeight));
  }

  private static int panels(int rows, int columns) {
    return rows * ((columns + PANEL - 1) / PANEL * PANEL);
  }
}
