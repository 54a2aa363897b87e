package io.millrace.model.graph;

/**
 * The mean over the C scores of the squared difference from the label's one-hot vector t: sum of
 * (x[c] - t[c])^2 / C.
 */
public final class SquaredError extends Loss {
  /**
   * @param scores [C]
   */
  public SquaredError(String name, Node scores) {
    super(name, scores);
  }

  @Override
  float forwardRow(float[] x, int row, int label) {
    double sum = 0;
    for (int c = 0; c < classes(); c++) {
      double difference = x[row + c] - (c == label ? 1f : 0f);
      sum += difference * difference;
    }
    return (float) (sum / classes());
  }

  /** The score itself, which squared error draws towards 1. */
  @Override
  float probability(float[] x, int at) {
    return x[at];
  }

  /** dx[c] += dy * 2 * (x[c] - t[c]) / C. */
  @Override
  void backwardRow(float[] x, int row, int label, float dy, float[] dx) {
    float factor = dy * 2 / classes();
    for (int c = 0; c < classes(); c++) {
      dx[row + c] += factor * (x[row + c] - (c == label ? 1f : 0f));
    }
  }
}
