package io.millrace.model.kernel;

/** The geometry of a two-dimensional pooling; letters as in {@link Conv2dShape}, c channels. */
public record Pool2dShape(int c, int ih, int iw, int kh, int kw, int sh, int sw, int ph, int pw) {
  public Pool2dShape {
    if (2 * ph > kh || 2 * pw > kw) {
      throw new IllegalArgumentException(
          "pool2d: expected padding of at most half the kernel "
              + kh
              + "x"
              + kw
              + ", got "
              + ph
              + "x"
              + pw);
    }
    if (Conv2dShape.outputExtent(ih, kh, sh, ph, 1) < 1
        || Conv2dShape.outputExtent(iw, kw, sw, pw, 1) < 1) {
      throw new IllegalArgumentException(
          "pool2d: window " + kh + "x" + kw + " does not fit the padded input " + ih + "x" + iw);
    }
  }

  public int oh() {
    return Conv2dShape.outputExtent(ih, kh, sh, ph, 1);
  }

  public int ow() {
    return Conv2dShape.outputExtent(iw, kw, sw, pw, 1);
  }
}
