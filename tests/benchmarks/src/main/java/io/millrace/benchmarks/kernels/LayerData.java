package io.millrace.benchmarks.kernels;

import java.util.SplittableRandom;

/**
 * Random floats from -1 to 1 for one layer and minibatch; activations channels-last, weights in
 * PyTorch's order.
 *
 * @param x [n][ih][iw][ic], or [n][in]
 * @param dy [n][oh][ow][oc], or [n][out]
 * @param weight [oc][ic/groups][kh][kw], or [out][in]
 * @param bias [oc]
 */
record LayerData(int samples, float[] x, float[] dy, float[] weight, float[] bias) {

  static LayerData random(Layer layer, int samples) {
    SplittableRandom random = new SplittableRandom(samples);
    return new LayerData(
        samples,
        uniform(random, samples * layer.inputElements()),
        uniform(random, samples * layer.outputElements()),
        uniform(random, layer.weightElements()),
        uniform(random, layer.biasElements()));
  }

  private static float[] uniform(SplittableRandom random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
