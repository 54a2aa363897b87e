package io.millrace.benchmarks.kernels;

/**
 * The three kernels of one layer on one minibatch, by one algorithm, cut into shards as a layer in
 * training cuts them. What training prepares once a step (weights in the kernels' order) is done
 * before; gradients add up from call to call, and start at zero.
 */
interface LayerRun {
  void forward();

  void backwardInput();

  void backwardWeight();

  /** [n][oh][ow][oc] after {@link #forward}. */
  float[] y();

  /** [n][ih][iw][ic] after {@link #backwardInput}. */
  float[] dx();

  /** In PyTorch's order after {@link #backwardWeight}. */
  float[] dWeight();
}
