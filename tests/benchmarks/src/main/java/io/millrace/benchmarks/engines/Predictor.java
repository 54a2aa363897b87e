package io.millrace.benchmarks.engines;

/** An engine that predicts images that it was given beforehand, in its own form of memory. */
public interface Predictor extends AutoCloseable {
  /** What a person calls the engine. */
  String engine();

  /**
   * Computes the scores of a batch.
   *
   * @param number from 0 on; the batches are taken in turn
   * @return [n][classes] before any softmax, in row-major order; valid until the next call
   */
  float[] predict(int number);

  @Override
  void close();
}
