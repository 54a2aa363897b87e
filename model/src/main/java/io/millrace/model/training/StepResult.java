package io.millrace.model.training;

/**
 * What one step saw and did. A learner has one of these and overwrites it at each step, because a
 * step allocates nothing: read it before the next.
 */
public final class StepResult {
  private final float[] sampleLoss;
  private final int[] predicted;
  private final float[] probability;
  private int batchSize;
  private float meanLoss;
  private double gradientNorm;
  private double learningRate;
  private boolean accepted;

  StepResult(float[] sampleLoss, int[] predicted, float[] probability) {
    this.sampleLoss = sampleLoss;
    this.predicted = predicted;
    this.probability = probability;
  }

  void set(
      int batchSize, float meanLoss, double gradientNorm, double learningRate, boolean accepted) {
    this.batchSize = batchSize;
    this.meanLoss = meanLoss;
    this.gradientNorm = gradientNorm;
    this.learningRate = learningRate;
    this.accepted = accepted;
  }

  /** Samples in the minibatch: how much of the arrays is of this step. */
  public int batchSize() {
    return batchSize;
  }

  /** The mean of the samples' losses, with the weights from before the step. */
  public float meanLoss() {
    return meanLoss;
  }

  /** The Euclidean norm of the gradient of all parameters, before clipping and weight decay. */
  public double gradientNorm() {
    return gradientNorm;
  }

  /** The rate that the schedule gave for this step. */
  public double learningRate() {
    return learningRate;
  }

  /** Whether the guard let the step move the weights. */
  public boolean accepted() {
    return accepted;
  }

  /** Each sample's loss, with the weights from before the step. */
  public float[] sampleLoss() {
    return sampleLoss;
  }

  /**
   * The class with the highest score for each sample, of training's forward pass with the weights
   * from before the step: dropout drops, batch norm takes the minibatch's statistics.
   */
  public int[] predicted() {
    return predicted;
  }

  /**
   * The softmax probability of the predicted class for each sample, of the same pass; of a network
   * that is trained on squared error, its score.
   */
  public float[] probability() {
    return probability;
  }
}
