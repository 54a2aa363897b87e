package io.millrace.model.kernel;

/**
 * Which way each pass of a convolution is computed. The shape alone decides, never the processor,
 * the threads or a timing, because the choice decides the bits.
 */
public record Conv2dPlan(Way forward, Way backwardInput, Way backwardWeight) {
  /** A way to compute a pass. */
  public enum Way {
    /** Its definition, with lanes across channels. */
    DIRECT("direct"),
    /** One filter a channel, with lanes across channels. */
    DEPTHWISE("depthwise"),
    /** Lanes across taps or pixels, because the direct kernels would run mostly empty. */
    FEW_CHANNELS("few channels"),
    /** Winograd's F(4x4, 3x3). */
    WINOGRAD("winograd");

    private final String text;

    Way(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** The plan of a shape. */
  public static Conv2dPlan of(Conv2dShape shape) {
    if (Winograd.suits(shape)) {
      return new Conv2dPlan(Way.WINOGRAD, Way.WINOGRAD, Way.WINOGRAD);
    }
    if (ConvolutionWeights.isDepthwise(shape)) {
      return new Conv2dPlan(Way.DEPTHWISE, Way.DEPTHWISE, Way.DEPTHWISE);
    }
    return new Conv2dPlan(
        way(FewChannels.forward(shape)),
        way(FewChannels.backwardInput(shape)),
        way(FewChannels.backwardWeightByTaps(shape) || FewChannels.backwardWeightByOutputs(shape)));
  }

  /** Floats of workspace that kernels need for a shape. */
  public static int workspace(Conv2dShape shape, boolean training) {
    if (Winograd.suits(shape)) {
      return training ? Winograd.backwardWorkspace(shape) : Winograd.forwardWorkspace(shape);
    }
    if (ConvolutionWeights.isDepthwise(shape)) {
      return 0;
    }
    int direct = training ? Direct.workspace(shape) : Direct.forwardWorkspace(shape);
    return Math.max(direct, FewChannels.workspace(shape, training));
  }

  private static Way way(boolean fewChannels) {
    return fewChannels ? Way.FEW_CHANNELS : Way.DIRECT;
  }
}
