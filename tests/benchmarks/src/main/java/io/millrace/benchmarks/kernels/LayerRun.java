package io.millrace.benchmarks.kernels;

/**
 * The passes of one layer on one minibatch, by one algorithm, cut into shards as a layer in
 * training cuts them. What training prepares once a step (weights in the kernels' order) is done
 * before; gradients add up from call to call, and start at zero.
 */
interface LayerRun {
  void forward();

  /**
   * The input's gradient alone.
   *
   * @throws UnsupportedOperationException if the algorithm has it only together with the weights'
   */
  void backwardInput();

  /** The weights' gradient alone, as a network's first layer computes it. */
  void backwardWeight();

  /** Both gradients, as all other layers compute them. */
  void backward();

  /** [n][oh][ow][oc] after {@link #forward}. */
  float[] y();

  /** [n][ih][iw][ic] after {@link #backwardInput} or {@link #backward}. */
  float[] dx();

  /** In PyTorch's order after {@link #backwardWeight} or {@link #backward}. */
  float[] dWeight();
}
