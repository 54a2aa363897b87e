package io.millrace.benchmarks.engines;

import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.training.Learner;
import java.util.List;

/** Millrace's learner. Its step takes the images from arrays: that copy is part of the time. */
public final class MillraceTrainer implements Trainer {
  private final Learner learner;
  private final OptimizerSpec optimizer;
  private final List<Batch> batches;
  private final int batchSize;
  private double loss = Double.NaN;

  public MillraceTrainer(TrainingSetup setup) {
    this(setup, setup.heavyBall());
  }

  /** With another optimizer, as a reference for an engine that has that one. */
  public MillraceTrainer(TrainingSetup setup, OptimizerSpec optimizer) {
    this.optimizer = optimizer;
    learner = setup.learner(optimizer);
    batches = setup.batches();
    batchSize = setup.batchSize();
  }

  @Override
  public String engine() {
    return "Millrace";
  }

  @Override
  public OptimizerSpec optimizer() {
    return optimizer;
  }

  @Override
  public void step(int number) {
    Batch batch = batches.get(number % batches.size());
    System.arraycopy(batch.images(), 0, learner.images(), 0, batch.images().length);
    System.arraycopy(batch.labels(), 0, learner.labels(), 0, batchSize);
    loss = learner.step(batchSize).meanLoss();
  }

  @Override
  public double loss() {
    return loss;
  }

  @Override
  public void close() {
    learner.close();
  }
}
