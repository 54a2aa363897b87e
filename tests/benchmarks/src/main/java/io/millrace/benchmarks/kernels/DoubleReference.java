package io.millrace.benchmarks.kernels;

import io.millrace.model.kernel.Conv2dShape;

/**
 * A layer's three kernels by their definition, in double and in plain loops.
 *
 * @param y [n][oh][ow][oc]
 * @param dx [n][ih][iw][ic]
 * @param dWeight in PyTorch's order
 */
record DoubleReference(double[] y, double[] dx, double[] dWeight) {

  static DoubleReference of(Layer layer, LayerData data) {
    DoubleReference reference =
        new DoubleReference(
            new double[data.dy().length],
            new double[data.x().length],
            new double[data.weight().length]);
    for (int i = 0; i < reference.y.length; i++) {
      reference.y[i] = data.bias()[i % layer.biasElements()];
    }
    switch (layer) {
      case Layer.Convolution convolution -> reference.addConvolution(convolution.shape(), data);
      case Layer.FullyConnected linear -> reference.addLinear(linear.in(), linear.out(), data);
    }
    return reference;
  }

  private void addConvolution(Conv2dShape s, LayerData data) {
    for (int n = 0; n < data.samples(); n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          for (int kh = 0; kh < s.kh(); kh++) {
            for (int kw = 0; kw < s.kw(); kw++) {
              int ih = oh * s.sh() - s.ph() + kh * s.dh();
              int iw = ow * s.sw() - s.pw() + kw * s.dw();
              if (ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw()) {
                int x = ((n * s.ih() + ih) * s.iw() + iw) * s.ic();
                int y = ((n * s.oh() + oh) * s.ow() + ow) * s.oc();
                addTap(s, data, x, y, kh * s.kw() + kw);
              }
            }
          }
        }
      }
    }
  }

  /** The products of one input pixel with one output pixel, of which {@code tap} is the weight. */
  private void addTap(Conv2dShape s, LayerData data, int xPixel, int yPixel, int tap) {
    int taps = s.kh() * s.kw();
    for (int oc = 0; oc < s.oc(); oc++) {
      int firstInput = oc / s.groupOutputs() * s.groupInputs();
      for (int i = 0; i < s.groupInputs(); i++) {
        int x = xPixel + firstInput + i;
        int w = (oc * s.groupInputs() + i) * taps + tap;
        add(data, x, w, yPixel + oc);
      }
    }
  }

  private void addLinear(int in, int out, LayerData data) {
    for (int n = 0; n < data.samples(); n++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          add(data, n * in + i, o * in + i, n * out + o);
        }
      }
    }
  }

  private void add(LayerData data, int x, int w, int out) {
    y[out] += (double) data.x()[x] * data.weight()[w];
    dx[x] += (double) data.dy()[out] * data.weight()[w];
    dWeight[w] += (double) data.x()[x] * data.dy()[out];
  }
}
