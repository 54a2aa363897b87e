package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * How wrong each sample's row of scores is about its label: [C] to one number for each sample. Its
 * gradient is set to 1/n by whoever wants the mean over the minibatch.
 */
public abstract class Loss extends Operation {
  final Node scores;
  final int classes;
  private int[] labels = {};
  private int[] predicted = {};
  private float[] probability = EMPTY;
  private boolean startsGradient;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;

  Loss(String name, Node scores) {
    super(name, Shape.of(), List.of(scores));
    this.scores = scores;
    this.classes = requireRank(name, scores, 1).extent(0);
  }

  /** The class of each sample, from 0 on; filled by the caller before the forward pass. */
  public final int[] labels() {
    return labels;
  }

  /** The class with the highest score, the first of equals, after the forward pass. */
  public final int[] predicted() {
    return predicted;
  }

  /** For each sample the probability of the predicted class, after the forward pass. */
  public final float[] probability() {
    return probability;
  }

  public final int classes() {
    return classes;
  }

  @Override
  void allocate(Pass pass, List<Buffer> buffers) {
    super.allocate(pass, buffers);
    labels = new int[pass.maxBatch()];
    predicted = new int[pass.maxBatch()];
    probability = new float[pass.maxBatch()];
  }

  @Override
  final void forward(Program program) {
    program.samples(forwardSamples, scores.values(), values());
  }

  @Override
  final void backward(Program program) {
    startsGradient = program.startsGradient(scores);
    program.samples(backwardSamples, scores.values(), gradients(), scores.gradients());
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    for (int n = from; n < to; n++) {
      predicted[n] = largest(scores.value(), n * classes, classes) - n * classes;
      value()[n] = forwardRow(scores.value(), n * classes, labels[n]);
      probability[n] = probability(scores.value(), n * classes + predicted[n]);
    }
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    if (startsGradient) {
      clearGradient(scores, from, to);
    }
    for (int n = from; n < to; n++) {
      backwardRow(scores.value(), n * classes, labels[n], gradient()[n], scores.gradient());
    }
  }

  /** The loss of the row of scores that begins at {@code row}. */
  abstract float forwardRow(float[] x, int row, int label);

  /** dx[row + c] += dy * the derivative of {@link #forwardRow} by x[row + c]. */
  abstract void backwardRow(float[] x, int row, int label, float dy, float[] dx);

  /** The probability of the class whose score is x[at], after {@link #forwardRow} of its row. */
  abstract float probability(float[] x, int at);

  static int largest(float[] x, int row, int classes) {
    int largest = row;
    for (int i = row + 1; i < row + classes; i++) {
      if (x[i] > x[largest]) {
        largest = i;
      }
    }
    return largest;
  }
}
