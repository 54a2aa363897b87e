package io.millrace.benchmarks.engines;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.training.Learner;
import java.util.List;

/** PyTorch's C++ library, called through DJL. Its threads are set for the whole process. */
public final class LibtorchTrainer implements Trainer {
  private final LibtorchLearner learner;
  private final OptimizerSpec optimizer;
  private final List<NDList> batches;
  private final float rate;
  private double loss = Double.NaN;

  public LibtorchTrainer(TrainingSetup setup) {
    optimizer = setup.heavyBall();
    rate = setup.rate();
    try (Learner start = setup.learner(optimizer)) {
      learner =
          new LibtorchLearner(
              setup.network(),
              start.state().parametersAndBuffers(),
              setup.momentum(),
              setup.weightDecay(),
              DataType.FLOAT32);
    }
    batches = setup.batches().stream().map(learner::prepare).toList();
  }

  @Override
  public String engine() {
    return "libtorch";
  }

  @Override
  public OptimizerSpec optimizer() {
    return optimizer;
  }

  @Override
  public void step(int number) {
    loss = learner.step(batches.get(number % batches.size()), rate);
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
