package io.millrace.model.kernel;

/**
 * Convolution in double by its definition, on weights in PyTorch's order; what comes out is exact
 * for small integers. Adds to its result.
 */
final class NaiveConvolution {
  /** What each multiplication of the definition does, by the indices of its three elements. */
  private interface Product {
    void at(int x, int weight, int y);
  }

  private NaiveConvolution() {}

  static float[] forward(
      Conv2dShape s, float[] x, float[] weight, float[] bias, float[] y, int from, int to) {
    double[] sums = doubles(y);
    for (int i = from * s.oh() * s.ow() * s.oc(); i < to * s.oh() * s.ow() * s.oc(); i++) {
      sums[i] = bias[i % s.oc()];
    }
    forEachProduct(s, from, to, (xi, wi, yi) -> sums[yi] += (double) x[xi] * weight[wi]);
    return floats(sums);
  }

  static float[] backwardInput(
      Conv2dShape s, float[] dy, float[] weight, float[] dx, int from, int to) {
    double[] sums = doubles(dx);
    forEachProduct(s, from, to, (xi, wi, yi) -> sums[xi] += (double) dy[yi] * weight[wi]);
    return floats(sums);
  }

  static float[] backwardWeight(
      Conv2dShape s, float[] x, float[] dy, float[] dWeight, int from, int to) {
    double[] sums = doubles(dWeight);
    forEachProduct(s, from, to, (xi, wi, yi) -> sums[wi] += (double) x[xi] * dy[yi]);
    return floats(sums);
  }

  private static void forEachProduct(Conv2dShape s, int from, int to, Product product) {
    for (int n = from; n < to; n++) {
      for (int oc = 0; oc < s.oc(); oc++) {
        for (int oh = 0; oh < s.oh(); oh++) {
          for (int ow = 0; ow < s.ow(); ow++) {
            forEachProductOf(s, n, oc, oh, ow, product);
          }
        }
      }
    }
  }

  private static void forEachProductOf(
      Conv2dShape s, int n, int oc, int oh, int ow, Product product) {
    int group = oc / s.groupOutputs();
    for (int i = 0; i < s.groupInputs(); i++) {
      for (int kh = 0; kh < s.kh(); kh++) {
        for (int kw = 0; kw < s.kw(); kw++) {
          int ih = oh * s.sh() - s.ph() + kh * s.dh();
          int iw = ow * s.sw() - s.pw() + kw * s.dw();
          if (ih >= 0 && ih < s.ih() && iw >= 0 && iw < s.iw()) {
            product.at(
                ((n * s.ih() + ih) * s.iw() + iw) * s.ic() + group * s.groupInputs() + i,
                ((oc * s.groupInputs() + i) * s.kh() + kh) * s.kw() + kw,
                ((n * s.oh() + oh) * s.ow() + ow) * s.oc() + oc);
          }
        }
      }
    }
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
