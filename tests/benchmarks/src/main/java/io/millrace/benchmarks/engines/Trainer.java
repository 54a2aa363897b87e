package io.millrace.benchmarks.engines;

import io.millrace.model.optimizer.OptimizerSpec;

/**
 * An engine that trains a network on minibatches that it was given beforehand, and so holds in its
 * own form of memory.
 */
public interface Trainer extends AutoCloseable {
  /** What a person calls the engine. */
  String engine();

  /** What it computes, in Millrace's terms: a Millrace learner with this gives the same losses. */
  OptimizerSpec optimizer();

  /**
   * A whole step: forward, loss, backward, weight decay, momentum, update.
   *
   * @param number from 0 on; the minibatches are taken in turn
   */
  void step(int number);

  /** The mean loss of the latest step's minibatch, with the weights from before the step. */
  double loss();

  @Override
  void close();
}
