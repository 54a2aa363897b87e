package io.millrace.model.graph;

import io.millrace.model.math.FloatMath;
import java.util.List;

/**
 * The negative log of the softmax probability of the label: log(sum of exp x[c]) - x[label], with
 * the largest score taken off first, so that nothing overflows.
 */
public final class SoftmaxCrossEntropy extends Loss {
  private float[] probability = EMPTY;

  /**
   * @param scores [C], before the softmax
   */
  public SoftmaxCrossEntropy(String name, Node scores) {
    super(name, scores);
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    probability = new float[pass.maxBatch() * classes()];
  }

  @Override
  float forwardRow(float[] scores, int row, int label) {
    double sum = softmax(scores, row, probability, row, classes());
    float highest = scores[largest(scores, row, classes())];
    return FloatMath.log((float) sum) - (scores[row + label] - highest);
  }

  @Override
  float probability(float[] x, int at) {
    return probability[at];
  }

  /** dx[c] += dy * (p[c] - (c == label ? 1 : 0)). */
  @Override
  void backwardRow(float[] scores, int row, int label, float dy, float[] dx) {
    for (int c = 0; c < classes(); c++) {
      dx[row + c] += dy * (probability[row + c] - (c == label ? 1 : 0));
    }
  }

  /**
   * p[to + c] = exp(x[from + c] - highest) / sum.
   *
   * @return sum of exp(x[c] - highest)
   */
  public static double softmax(float[] x, int from, float[] p, int to, int classes) {
    float highest = x[largest(x, from, classes)];
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      p[to + c] = FloatMath.exp(x[from + c] - highest);
      sum += p[to + c];
    }
    for (int c = 0; c < classes; c++) {
      p[to + c] = (float) (p[to + c] / sum);
    }
    return sum;
  }
}
