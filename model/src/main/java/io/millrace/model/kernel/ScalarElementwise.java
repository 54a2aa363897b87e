package io.millrace.model.kernel;

/** Element-wise work over a range, and the optimizer's update; see {@link Kernels} for formulas. */
final class ScalarElementwise {
  private ScalarElementwise() {}

  static void leakyReluForward(float slope, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = slope == 0 ? (x[i] <= 0 ? 0 : x[i]) : (x[i] > 0 ? x[i] : x[i] * slope);
    }
  }

  static void leakyReluBackward(float slope, float[] x, float[] dy, float[] dx, int from, int to) {
    for (int i = from; i < to; i++) {
      dx[i] += x[i] > 0 ? dy[i] : (slope == 0 ? 0 : dy[i] * slope);
    }
  }

  static void add(float[] a, float[] b, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = a[i] + b[i];
    }
  }

  static void accumulate(float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] += x[i];
    }
  }

  static void scale(float factor, float[] x, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] * factor;
    }
  }

  static void multiplyAccumulate(float[] a, float[] b, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.fma(a[i], b[i], y[i]);
    }
  }

  static void multiply(float[] a, float[] b, float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = a[i] * b[i];
    }
  }

  static void sgdUpdate(
      SgdCoefficients k, float[] gradient, float[] weight, float[] velocity, int from, int to) {
    float fresh = 1 - k.dampening;
    for (int i = from; i < to; i++) {
      float g = Math.fma(k.weightDecay, weight[i], gradient[i] * k.gradientScale);
      float update = g;
      if (k.momentum != 0) {
        float v = k.first ? g : Math.fma(k.momentum, velocity[i], fresh * g);
        velocity[i] = v;
        update = k.nesterov ? Math.fma(k.momentum, v, g) : v;
      }
      weight[i] = Math.fma(-k.rate, update, weight[i]);
    }
  }
}
