package io.millrace.model.kernel;

/**
 * The arithmetic of training. Both implementations give the same bits, because every output element
 * is one chain of fused multiply-adds over its reduction in the order stated here, and lanes only
 * ever run across outputs.
 *
 * <p>Activations are channels-last: [n][h][w][c]; a matrix is [rows][columns]. Methods that work on
 * samples or rows take a range [from, to), so that shards of a minibatch can run side by side;
 * ranges that do not overlap may run at the same time. "Forward" overwrites its result, "backward"
 * adds to it. Arrays may be longer than what is used, and none is allocated here.
 *
 * <p>Where a method says {@code +=}, the chain starts at the element's present value: it is the
 * first addend, not the last. So a range cut in two and run in order gives the bits of one run. A
 * forward chain starts at the bias; pass zeros where a layer has none. NaN goes in and comes out as
 * NaN, but the bits of its payload are not promised.
 */
public interface Kernels {

  /** {@code scalar} or {@code vector}. */
  String name();

  /** Floats handled by one instruction; 1 for scalar. */
  int lanes();

  // Convolution. packed: [groups][kh][kw][ic/groups][oc/groups]; transposed:
  // [groups][kh][kw][oc/groups][ic/groups].
  // Depthwise (ic = oc = groups) has both as [kh][kw][groups].
  // The layers keep [oc][ic/groups][kh][kw] (PyTorch's order); ConvolutionWeights converts.

  // A workspace is memory of undefined content, Conv2dPlan.workspace(shape, training) floats long,
  // for the length of one call.

  /**
   * y[n][oh][ow][oc] = bias[oc] + sum over kh, kw, ic (in that order, padding skipped unless the
   * shape is one of {@link FewChannels#forward} or {@link Direct#padsForward}) of x * packed; with
   * {@code relu}, of that what {@link #leakyReluForward} of slope 0 gives.
   */
  void conv2dForward(
      Conv2dShape shape,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int fromSample,
      int toSample);

  /**
   * dx[n][ih][iw][ic] += sum over kh, kw, oc (in that order) of dy * transposed; outputs that do
   * not exist are skipped unless the shape is one of {@link FewChannels#backwardInput}.
   */
  void conv2dBackwardInput(
      Conv2dShape shape,
      float[] dy,
      float[] transposed,
      float[] dx,
      float[] workspace,
      int fromSample,
      int toSample);

  /**
   * dPacked[g][kh][kw][ic][oc] += sum over n, oh, ow (in that order; over n, ow, oh where few
   * channels have at most 32 taps, as in a first layer) of x * dy, where x is 0 on the padding; a
   * depthwise convolution skips the padding.
   */
  void conv2dBackwardWeight(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] dPacked,
      float[] workspace,
      int fromSample,
      int toSample);

  // Convolution by Winograd's transform, for shapes that Winograd.suits; orders as stated there.

  /**
   * u = transformed weight, which is in PyTorch's order [oc][ic][3][3]; ut = its transpose, unless
   * that is empty.
   */
  void winogradWeights(Conv2dShape shape, float[] weight, float[] u, float[] ut);

  /**
   * y[n][oh][ow][oc] = bias[oc] + convolution of x; the bias is added last, and then {@code relu}
   * applies as in {@link #conv2dForward}.
   */
  void winogradForward(
      Conv2dShape shape,
      float[] x,
      float[] u,
      float[] bias,
      boolean relu,
      float[] y,
      float[] workspace,
      int fromSample,
      int toSample);

  /**
   * dPacked += gradient of the weights, summed over all tiles before it is transformed back; dx +=
   * gradient of the input, tile by tile, unless dx is empty.
   */
  void winogradBackward(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] ut,
      float[] dx,
      float[] dPacked,
      float[] workspace,
      int fromSample,
      int toSample);

  // Convolution and a max pooling of its value.

  /**
   * y = {@link #maxPoolForward} of {@link #conv2dForward}, whose value is not kept, for shapes that
   * {@link PooledConvolution#forwardSuits}; argmax, unless it is empty: element index in that
   * value.
   *
   * @param packed as for {@link #conv2dForward}
   * @param relu of y, as in {@link #conv2dForward}
   */
  void pooledConvolutionForward(
      Conv2dShape shape,
      Pool2dShape pool,
      float[] x,
      float[] packed,
      float[] bias,
      boolean relu,
      float[] y,
      int[] argmax,
      float[] workspace,
      int fromSample,
      int toSample);

  /**
   * Both gradients of a convolution whose value only a max pooling takes, for shapes that {@link
   * PooledConvolution} suits, which says which terms are summed in which order: dRows += those of
   * the weights, dx += those of the input, unless dx is empty.
   *
   * @param dy [n][windows][oc], the gradient of the pooling's value
   * @param argmax [n][windows][oc], as {@link #maxPoolForward} gives it
   * @param rows the weights as {@link PooledConvolution#pack} orders them
   */
  void pooledConvolutionBackward(
      Conv2dShape shape,
      Pool2dShape pool,
      float[] x,
      float[] dy,
      int[] argmax,
      float[] rows,
      float[] dx,
      float[] dRows,
      float[] workspace,
      int fromSample,
      int toSample);

  // Linear. weight: [out][in] (PyTorch's order); packed: its transpose [in][out].

  /** y[n][out] = bias[out] + sum over in of x[n][in] * packed[in][out]. */
  void linearForward(
      int in,
      int out,
      float[] x,
      float[] packed,
      float[] bias,
      float[] y,
      int fromSample,
      int toSample);

  /** dx[n][in] += sum over out of dy[n][out] * weight[out][in]. */
  void linearBackwardInput(
      int in, int out, float[] dy, float[] weight, float[] dx, int fromSample, int toSample);

  /**
   * dWeight[out][in] += sum over n in [0, samples) of dy[n][out] * x[n][in], for rows [fromOut,
   * toOut).
   */
  void linearBackwardWeight(
      int in, int out, float[] x, float[] dy, float[] dWeight, int samples, int fromOut, int toOut);

  // Pooling, channels-last.

  /**
   * y = maximum of the window (padding never wins; of equals the first in kh, kw order; of NaNs the
   * last, and NaN beats every number, as in PyTorch); argmax: element index in x.
   */
  void maxPoolForward(
      Pool2dShape shape, float[] x, float[] y, int[] argmax, int fromSample, int toSample);

  /** dx[argmax] += dy, in the order of oh, ow. */
  void maxPoolBackward(
      Pool2dShape shape, float[] dy, int[] argmax, float[] dx, int fromSample, int toSample);

  /**
   * y = sum of the window over kh, kw, times 1/(kh*kw); padding counts as zero (PyTorch's
   * count_include_pad).
   */
  void averagePoolForward(Pool2dShape shape, float[] x, float[] y, int fromSample, int toSample);

  /**
   * dx += dy * 1/(kh*kw) at each input of the window, in the order of oh, ow; the product is
   * rounded before it is added.
   */
  void averagePoolBackward(Pool2dShape shape, float[] dy, float[] dx, int fromSample, int toSample);

  // Rows of channels: [rows][channels], for bias gradients and batch norm.

  /**
   * sums[c] += sum over rows [fromRow, toRow) of x[row][c]. Fewer than 16 channels have 16 chains
   * each, of which the j-th sums the rows fromRow + j, fromRow + j + 16 and so on from zero;
   * sums[c] then adds chain 0, chain 1 and so on. Cut in two, such a range has other bits.
   */
  void sumRows(int channels, float[] x, float[] sums, int fromRow, int toRow);

  /**
   * sums[c] += sum over rows of (x[row][c] - mean[c])^2, each square one fused multiply-add onto
   * the chain.
   */
  void sumSquaredDeviations(
      int channels, float[] x, float[] mean, float[] sums, int fromRow, int toRow);

  /**
   * y[row][c] = fma(x[row][c] - mean[c], scale[c], shift[c]), plus shortcut[row][c] unless that is
   * empty; with {@code relu}, of that what {@link #leakyReluForward} of slope 0 gives.
   */
  void normalizeRows(
      int channels,
      float[] x,
      float[] mean,
      float[] scale,
      float[] shift,
      float[] shortcut,
      boolean relu,
      float[] y,
      int fromRow,
      int toRow);

  /**
   * A ReLU's gradient in place, and its sums: dy[row][c] = y[row][c] > 0 ? dy[row][c] : 0; sums[c]
   * += sum over rows of dy[row][c] as by {@link #sumRows}.
   */
  void reluBackwardRows(int channels, float[] y, float[] dy, float[] sums, int fromRow, int toRow);

  /**
   * Batch norm's sums: sums[c] += sum over rows of dy[row][c]; products[c] += sum over rows of
   * dy[row][c] * (x[row][c] - mean[c]), one fused multiply-add each; both one chain each. Unless y
   * is empty, dy is put through the ReLU that gave y first.
   */
  void sumGradientRows(
      int channels,
      float[] x,
      float[] mean,
      float[] y,
      float[] dy,
      float[] sums,
      float[] products,
      int fromRow,
      int toRow);

  /**
   * Batch norm's input gradient: dx[row][c] = fma(dy[row][c], a[c], fma(x[row][c] - mean[c], b[c],
   * k[c])) for per-channel coefficients a, b, k; with {@code add}, plus dx[row][c].
   */
  void normalizeRowsBackward(
      int channels,
      float[] x,
      float[] mean,
      float[] dy,
      float[] a,
      float[] b,
      float[] k,
      boolean add,
      float[] dx,
      int fromRow,
      int toRow);

  // Element by element, over [from, to).

  /**
   * y = x > 0 ? x : x * slope; slope 0 is ReLU (y is then +0 for every x not above 0, but NaN for
   * NaN).
   */
  void leakyReluForward(float slope, float[] x, float[] y, int from, int to);

  /**
   * dx += x > 0 ? dy : dy * slope, and for slope 0: dx += x > 0 ? dy : 0. The product is rounded
   * before it is added.
   */
  void leakyReluBackward(float slope, float[] x, float[] dy, float[] dx, int from, int to);

  /** y = a + b. */
  void add(float[] a, float[] b, float[] y, int from, int to);

  /** y += x. */
  void accumulate(float[] x, float[] y, int from, int to);

  /** y = x * factor. */
  void scale(float factor, float[] x, float[] y, int from, int to);

  /** y += a * b, fused: dropout's gradient dx += dy * mask, mask holding 0 or 1/(1-p). */
  void multiplyAccumulate(float[] a, float[] b, float[] y, int from, int to);

  /** y = a * b. */
  void multiply(float[] a, float[] b, float[] y, int from, int to);

  /**
   * One step of SGD with momentum (PyTorch's formula): g' = fma(weightDecay, w, g * gradientScale);
   * v = fma(momentum, v, (1 - dampening) * g'), or v = g' where {@code first}; u = nesterov ?
   * fma(momentum, v, g') : v; w = fma(-rate, u, w). {@code momentum} 0 leaves v alone and takes u =
   * g'.
   */
  void sgdUpdate(
      SgdCoefficients coefficients,
      float[] gradient,
      float[] weight,
      float[] velocity,
      int from,
      int to);
}
