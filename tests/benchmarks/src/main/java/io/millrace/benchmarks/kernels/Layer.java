package io.millrace.benchmarks.kernels;

import io.millrace.model.kernel.Conv2dShape;

/** The geometry of a layer, and where it comes from. */
sealed interface Layer {

  /** Names a network and a layer in it; one that no network has is named by what it is. */
  String place();

  /** The shape in one word, as oneDNN's benchdnn writes it. */
  String shapeName();

  /** Elements of one image going in. */
  int inputElements();

  /** Elements of one image coming out. */
  int outputElements();

  int weightElements();

  int biasElements();

  /** Multiplications and additions of one image in any of the three kernels, padding included. */
  long flops();

  /** The same without products with padding, which is zero. */
  long usefulFlops();

  /** A convolution. */
  record Convolution(String place, Conv2dShape shape) implements Layer {

    @Override
    public String shapeName() {
      StringBuilder name = new StringBuilder();
      name.append("ic").append(shape.ic()).append("ih").append(shape.ih());
      name.append("oc").append(shape.oc()).append("kh").append(shape.kh());
      if (shape.sh() > 1) {
        name.append("sh").append(shape.sh());
      }
      if (shape.ph() > 0) {
        name.append("ph").append(shape.ph());
      }
      if (shape.groups() > 1) {
        name.append("g").append(shape.groups());
      }
      return name.toString();
    }

    @Override
    public int inputElements() {
      return shape.ih() * shape.iw() * shape.ic();
    }

    @Override
    public int outputElements() {
      return shape.oh() * shape.ow() * shape.oc();
    }

    @Override
    public int weightElements() {
      return shape.weightElements();
    }

    @Override
    public int biasElements() {
      return shape.oc();
    }

    @Override
    public long flops() {
      return shape.flops();
    }

    @Override
    public long usefulFlops() {
      long rows = pairs(shape.ih(), shape.oh(), shape.kh(), shape.sh(), shape.ph(), shape.dh());
      long columns = pairs(shape.iw(), shape.ow(), shape.kw(), shape.sw(), shape.pw(), shape.dw());
      return 2 * rows * columns * shape.oc() * shape.groupInputs();
    }

    /** Output positions and taps along one axis that meet within the input. */
    private static long pairs(
        int input, int output, int kernel, int stride, int padding, int dilation) {
      long pairs = 0;
      for (int o = 0; o < output; o++) {
        for (int k = 0; k < kernel; k++) {
          int i = o * stride - padding + k * dilation;
          if (i >= 0 && i < input) {
            pairs++;
          }
        }
      }
      return pairs;
    }
  }

  /** A linear layer. */
  record FullyConnected(String place, int in, int out) implements Layer {

    @Override
    public String shapeName() {
      return "in" + in + "out" + out;
    }

    @Override
    public int inputElements() {
      return in;
    }

    @Override
    public int outputElements() {
      return out;
    }

    @Override
    public int weightElements() {
      return in * out;
    }

    @Override
    public int biasElements() {
      return out;
    }

    @Override
    public long flops() {
      return 2L * in * out;
    }

    @Override
    public long usefulFlops() {
      return flops();
    }
  }
}
