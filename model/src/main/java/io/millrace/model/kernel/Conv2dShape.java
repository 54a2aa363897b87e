package io.millrace.model.kernel;

/**
 * The geometry of a two-dimensional convolution.
 *
 * <p>Legend: ic, ih, iw input channels, height, width; oc, oh, ow output; kh, kw kernel; s stride,
 * p zero padding on each side, d dilation; groups divides ic and oc.
 */
public record Conv2dShape(
    int ic,
    int ih,
    int iw,
    int oc,
    int kh,
    int kw,
    int sh,
    int sw,
    int ph,
    int pw,
    int dh,
    int dw,
    int groups) {
  public Conv2dShape {
    if (groups < 1 || ic % groups != 0 || oc % groups != 0) {
      throw new IllegalArgumentException(
          "conv2d: expected groups to divide the channels, got groups "
              + groups
              + ", in "
              + ic
              + ", out "
              + oc);
    }
    if (outputExtent(ih, kh, sh, ph, dh) < 1 || outputExtent(iw, kw, sw, pw, dw) < 1) {
      throw new IllegalArgumentException(
          "conv2d: kernel " + kh + "x" + kw + " does not fit the padded input " + ih + "x" + iw);
    }
  }

  public int oh() {
    return outputExtent(ih, kh, sh, ph, dh);
  }

  public int ow() {
    return outputExtent(iw, kw, sw, pw, dw);
  }

  /** Input channels that each output channel sees. */
  public int groupInputs() {
    return ic / groups;
  }

  /** Output channels of one group. */
  public int groupOutputs() {
    return oc / groups;
  }

  /** Elements of the weight tensor, [oc, ic/groups, kh, kw] at the API. */
  public int weightElements() {
    return oc * groupInputs() * kh * kw;
  }

  /** Multiplications and additions of one image's forward pass, counted as two each. */
  public long flops() {
    return 2L * oh() * ow() * weightElements();
  }

  static int outputExtent(int input, int kernel, int stride, int padding, int dilation) {
    return Math.floorDiv(input + 2 * padding - dilation * (kernel - 1) - 1, stride) + 1;
  }
}
