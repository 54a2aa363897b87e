package io.millrace.model.kernel;

import static io.millrace.model.kernel.ConvolutionWeights.isDepthwise;
import static io.millrace.model.kernel.ScalarRows.multiplyAdd;

/** The readable twin: each method is its formula in {@link Kernels}, one float at a time. */
public final class ScalarKernels implements Kernels {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int lanes() {
    return 1;
  }

  @Override
  public void conv2dForward(
      Conv2dShape shape,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int from,
      int to) {
    if (isDepthwise(shape)) {
      ScalarDepthwise.forward(shape, 0, x, packed, bias, y, from, to);
    } else {
      ScalarConvolution.forward(shape, x, packed, bias, y, from, to);
    }
    if (relu) {
      int outputs = shape.oh() * shape.ow() * shape.oc();
      ScalarElementwise.leakyReluForward(0, y, y, from * outputs, to * outputs);
    }
  }

  @Override
  public void conv2dBackwardInput(
      Conv2dShape shape,
      float[] dy,
      float[] transposed,
      float[] dx,
      float[] workspace,
      int from,
      int to) {
    if (isDepthwise(shape)) {
      ScalarDepthwise.backwardInput(shape, 0, dy, transposed, dx, from, to);
    } else {
      ScalarConvolution.backwardInput(shape, dy, transposed, dx, from, to);
    }
  }

  @Override
  public void conv2dBackwardWeight(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] dPacked,
      float[] workspace,
      int from,
      int to) {
    if (isDepthwise(shape)) {
      ScalarDepthwise.backwardWeight(shape, 0, x, dy, dPacked, from, to);
    } else {
      ScalarConvolution.backwardWeight(shape, x, dy, dPacked, from, to);
    }
  }

  @Override
  public void winogradWeights(Conv2dShape shape, float[] weight, float[] u, float[] ut) {
    ScalarWinograd.local().weights(shape, weight, u, ut);
  }

  @Override
  public void winogradForward(
      Conv2dShape shape,
      float[] x,
      float[] u,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int from,
      int to) {
    ScalarWinograd.local().forward(shape, x, u, bias, y, workspace, from, to);
    if (relu) {
      int outputs = shape.oh() * shape.ow() * shape.oc();
      ScalarElementwise.leakyReluForward(0, y, y, from * outputs, to * outputs);
    }
  }

  @Override
  public void winogradBackward(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] ut,
      float[] dx,
      float[] dPacked,
      float[] workspace,
      int from,
      int to) {
    ScalarWinograd.local().backward(shape, x, dy, ut, dx, dPacked, workspace, from, to);
  }

  @Override
  public void pooledConvolutionForward(
      Conv2dShape shape,
      Pool2dShape pool,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      int[] argmax,
      float[] workspace,
      int from,
      int to) {
    ScalarPooledConvolution.forward(shape, pool, x, packed, bias, y, argmax, workspace, from, to);
    if (relu) {
      int outputs = pool.oh() * pool.ow() * pool.c();
      ScalarElementwise.leakyReluForward(0, y, y, from * outputs, to * outputs);
    }
  }

  @Override
  public void pooledConvolutionBackward(
      Conv2dShape shape,
      Pool2dShape pool,
      float[] x,
      float[] dy,
      int[] argmax,
      float[] rows,
      float[] dx,
      float[] dRows,
      float[] workspace,
      int from,
      int to) {
    ScalarPooledConvolution.backward(
        shape, pool, x, dy, argmax, rows, dx, dRows, workspace, from, to);
  }

  @Override
  public void linearForward(
      int in, int out, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    for (int n = from; n < to; n++) {
      System.arraycopy(bias, 0, y, n * out, out);
      for (int i = 0; i < in; i++) {
        multiplyAdd(x[n * in + i], packed, i * out, y, n * out, out);
      }
    }
  }

  @Override
  public void linearBackwardInput(
      int in, int out, float[] dy, float[] weight, float[] dx, int from, int to) {
    for (int n = from; n < to; n++) {
      for (int o = 0; o < out; o++) {
        multiplyAdd(dy[n * out + o], weight, o * in, dx, n * in, in);
      }
    }
  }

  @Override
  public void linearBackwardWeight(
      int in, int out, float[] x, float[] dy, float[] dWeight, int samples, int from, int to) {
    for (int n = 0; n < samples; n++) {
      for (int o = from; o < to; o++) {
        multiplyAdd(dy[n * out + o], x, n * in, dWeight, o * in, in);
      }
    }
  }

  @Override
  public void maxPoolForward(
      Pool2dShape shape, float[] x, float[] y, int[] argmax, int from, int to) {
    ScalarPooling.maxForward(shape, 0, x, y, argmax, from, to);
  }

  @Override
  public void maxPoolBackward(
      Pool2dShape shape, float[] dy, int[] argmax, float[] dx, int from, int to) {
    ScalarPooling.maxBackward(shape, dy, argmax, dx, from, to);
  }

  @Override
  public void averagePoolForward(Pool2dShape shape, float[] x, float[] y, int from, int to) {
    ScalarPooling.averageForward(shape, 0, x, y, from, to);
  }

  @Override
  public void averagePoolBackward(Pool2dShape shape, float[] dy, float[] dx, int from, int to) {
    ScalarPooling.averageBackward(shape, 0, dy, dx, from, to);
  }

  @Override
  public void sumRows(int channels, float[] x, float[] sums, int from, int to) {
    if (ScalarRows.interleaves(channels)) {
      ScalarRows.sumInterleaved(channels, x, sums, from, to);
    } else {
      ScalarRows.sum(0, channels, x, sums, from, to);
    }
  }

  @Override
  public void sumSquaredDeviations(
      int channels, float[] x, float[] mean, float[] sums, int from, int to) {
    ScalarRows.sumSquaredDeviations(0, channels, x, mean, sums, from, to);
  }

  @Override
  public void normalizeRows(
      int channels,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] shortcut,
      boolean relu,
      float[] y,
      int from,
      int to) {
    ScalarRows.normalize(0, channels, x, mean, scale, shift, shortcut, relu, y, from, to);
  }

  @Override
  public void reluBackwardRows(
      int channels, float[] y, float[] dy, float[] sums, int from, int to) {
    ScalarRows.passRelu(y, dy, from * channels, to * channels);
    sumRows(channels, dy, sums, from, to);
  }

  @Override
  public void sumGradientRows(
      int channels,
      float[] x,
      float[] mean,
      float[] y,
      float[] dy,
      float[] sums,
      float[] products,
      int from,
      int to) {
    ScalarRows.sumGradients(0, channels, x, mean, y, dy, sums, products, from, to);
  }

  @Override
  public void normalizeRowsBackward(
      int channels,
      float[] x,
      float[] mean,
      float[] dy,
      float[] a,
      float[] b,
      float[] k,
      boolean add,
      float[] dx,
      int from,
      int to) {
    ScalarRows.normalizeBackward(0, channels, x, mean, dy, a, b, k, add, dx, from, to);
  }

  @Override
  public void leakyReluForward(float slope, float[] x, float[] y, int from, int to) {
    ScalarElementwise.leakyReluForward(slope, x, y, from, to);
  }

  @Override
  public void leakyReluBackward(float slope, float[] x, float[] dy, float[] dx, int from, int to) {
    ScalarElementwise.leakyReluBackward(slope, x, dy, dx, from, to);
  }

  @Override
  public void add(float[] a, float[] b, float[] y, int from, int to) {
    ScalarElementwise.add(a, b, y, from, to);
  }

  @Override
  public void accumulate(float[] x, float[] y, int from, int to) {
    ScalarElementwise.accumulate(x, y, from, to);
  }

  @Override
  public void scale(float factor, float[] x, float[] y, int from, int to) {
    ScalarElementwise.scale(factor, x, y, from, to);
  }

  @Override
  public void multiplyAccumulate(float[] a, float[] b, float[] y, int from, int to) {
    ScalarElementwise.multiplyAccumulate(a, b, y, from, to);
  }

  @Override
  public void multiply(float[] a, float[] b, float[] y, int from, int to) {
    ScalarElementwise.multiply(a, b, y, from, to);
  }

  @Override
  public void sgdUpdate(
      SgdCoefficients coefficients,
      float[] gradient,
      float[] weight,
      float[] velocity,
      int from,
      int to) {
    ScalarElementwise.sgdUpdate(coefficients, gradient, weight, velocity, from, to);
  }
}
