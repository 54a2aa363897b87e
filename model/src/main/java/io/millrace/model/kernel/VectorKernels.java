package io.millrace.model.kernel;

import static io.millrace.model.kernel.ConvolutionWeights.isDepthwise;

/**
 * The twin that runs on the Vector API, in vectors as wide as the machine prefers. Loading it needs
 * the module jdk.incubator.vector; {@link KernelLookup} sees to that.
 */
public final class VectorKernels implements Kernels {
  @Override
  public String name() {
    return "vector";
  }

  @Override
  public int lanes() {
    return BlockProduct.LANES;
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
      VectorDepthwise.local().forward(shape, x, packed, bias, y, from, to);
    } else if (FewChannels.forward(shape)) {
      VectorFours.local().forward(shape, x, packed, bias, relu, y, workspace, from, to);
      return;
    } else if (VectorRowPairs.suits(shape)) {
      VectorRowPairs.local().forward(shape, x, packed, bias, relu, y, from, to);
      return;
    } else {
      VectorConvolution.local().forward(shape, x, packed, bias, relu, y, workspace, from, to);
      return;
    }
    if (relu) {
      int outputs = shape.oh() * shape.ow() * shape.oc();
      VectorElementwise.leakyReluForward(0, y, y, from * outputs, to * outputs);
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
      VectorDepthwise.local().backwardInput(shape, dy, transposed, dx, from, to);
    } else if (FewChannels.backwardInput(shape)) {
      VectorWindows.backwardInput(shape, dy, transposed, dx, workspace, from, to);
    } else {
      VectorConvolution.local().backwardInput(shape, dy, transposed, dx, workspace, from, to);
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
      VectorDepthwise.local().backwardWeight(shape, x, dy, dPacked, from, to);
    } else if (FewChannels.backwardWeightByTaps(shape)) {
      VectorTaps.backwardWeight(shape, x, dy, dPacked, workspace, from, to);
    } else if (FewChannels.backwardWeightByOutputs(shape)) {
      VectorFewChannels.local().backwardWeightByOutputs(shape, x, dy, dPacked, workspace, from, to);
    } else {
      VectorConvolutionWeight.local().run(shape, x, dy, dPacked, workspace, from, to);
    }
  }

  @Override
  public void winogradWeights(Conv2dShape shape, float[] weight, float[] u, float[] ut) {
    VectorWinograd.local().weights(shape, weight, u, ut);
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
    VectorWinograd.local().forward(shape, x, u, bias, relu, y, workspace, from, to);
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
    VectorWinograd.local().backward(shape, x, dy, ut, dx, dPacked, workspace, from, to);
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
    VectorFours.local().pooledForward(shape, x, packed, bias, relu, y, argmax, workspace, from, to);
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
    VectorPooledConvolution.backward(
        shape, pool, x, dy, argmax, rows, dx, dRows, workspace, from, to);
  }

  @Override
  public void linearForward(
      int in, int out, float[] x, float[] packed, float[] bias, float[] y, int from, int to) {
    VectorLinear.local().forward(in, out, x, packed, bias, y, from, to);
  }

  @Override
  public void linearBackwardInput(
      int in, int out, float[] dy, float[] weight, float[] dx, int from, int to) {
    VectorLinear.local().backwardInput(in, out, dy, weight, dx, from, to);
  }

  @Override
  public void linearBackwardWeight(
      int in, int out, float[] x, float[] dy, float[] dWeight, int samples, int from, int to) {
    VectorLinear.local().backwardWeight(in, out, x, dy, dWeight, samples, from, to);
  }

  @Override
  public void maxPoolForward(
      Pool2dShape shape, float[] x, float[] y, int[] argmax, int from, int to) {
    VectorPooling.maxForward(shape, x, y, argmax, from, to);
  }

  @Override
  public void maxPoolBackward(
      Pool2dShape shape, float[] dy, int[] argmax, float[] dx, int from, int to) {
    ScalarPooling.maxBackward(shape, dy, argmax, dx, from, to);
  }

  @Override
  public void averagePoolForward(Pool2dShape shape, float[] x, float[] y, int from, int to) {
    VectorPooling.averageForward(shape, x, y, from, to);
  }

  @Override
  public void averagePoolBackward(Pool2dShape shape, float[] dy, float[] dx, int from, int to) {
    VectorPooling.averageBackward(shape, dy, dx, from, to);
  }

  @Override
  public void sumRows(int channels, float[] x, float[] sums, int from, int to) {
    VectorRows.sum(channels, x, sums, from, to);
  }

  @Override
  public void sumSquaredDeviations(
      int channels, float[] x, float[] mean, float[] sums, int from, int to) {
    VectorRows.sumSquaredDeviations(channels, x, mean, sums, from, to);
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
    VectorRows.normalize(channels, x, mean, scale, shift, shortcut, relu, y, from, to);
  }

  @Override
  public void reluBackwardRows(
      int channels, float[] y, float[] dy, float[] sums, int from, int to) {
    VectorRows.reluBackward(channels, y, dy, sums, from, to);
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
    VectorRows.sumGradients(channels, x, mean, y, dy, sums, products, from, to);
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
    VectorRows.normalizeBackward(channels, x, mean, dy, a, b, k, add, dx, from, to);
  }

  @Override
  public void leakyReluForward(float slope, float[] x, float[] y, int from, int to) {
    VectorElementwise.leakyReluForward(slope, x, y, from, to);
  }

  @Override
  public void leakyReluBackward(float slope, float[] x, float[] dy, float[] dx, int from, int to) {
    VectorElementwise.leakyReluBackward(slope, x, dy, dx, from, to);
  }

  @Override
  public void add(float[] a, float[] b, float[] y, int from, int to) {
    VectorElementwise.add(a, b, y, from, to);
  }

  @Override
  public void accumulate(float[] x, float[] y, int from, int to) {
    VectorElementwise.accumulate(x, y, from, to);
  }

  @Override
  public void scale(float factor, float[] x, float[] y, int from, int to) {
    VectorElementwise.scale(factor, x, y, from, to);
  }

  @Override
  public void multiplyAccumulate(float[] a, float[] b, float[] y, int from, int to) {
    VectorElementwise.multiplyAccumulate(a, b, y, from, to);
  }

  @Override
  public void multiply(float[] a, float[] b, float[] y, int from, int to) {
    VectorElementwise.multiply(a, b, y, from, to);
  }

  @Override
  public void sgdUpdate(
      SgdCoefficients coefficients,
      float[] gradient,
      float[] weight,
      float[] velocity,
      int from,
      int to) {
    VectorElementwise.sgdUpdate(coefficients, gradient, weight, velocity, from, to);
  }
}
