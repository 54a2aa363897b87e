package io.millrace.benchmarks.engines;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.training.Learner;
import java.util.List;

/**
 * What all engines train.
 *
 * @param rate of learning, constant
 * @param seed of the first weights
 * @param batches of one size
 * @param threads that an engine may use
 */
public record TrainingSetup(
    NetworkSpec network,
    float rate,
    float momentum,
    float weightDecay,
    long seed,
    List<Batch> batches,
    int threads) {

  public int batchSize() {
    return batches.getFirst().labels().length;
  }

  /** The same with another rate and other minibatches. */
  public TrainingSetup with(float otherRate, List<Batch> otherBatches) {
    return new TrainingSetup(
        network, otherRate, momentum, weightDecay, seed, otherBatches, threads);
  }

  /** A Millrace learner of this; its weights at step 0 are those with which all engines start. */
  Learner learner(OptimizerSpec optimizer) {
    return Learner.create(
        network,
        optimizer,
        new ConstantSchedule(rate),
        seed,
        InitializationSpec.withDefaults(),
        batchSize(),
        threads,
        KernelLookup.lookup());
  }

  /** The heavy ball with weight decay on all parameters: PyTorch's SGD with its defaults. */
  OptimizerSpec heavyBall() {
    return OptimizerSpec.heavyBall(momentum, weightDecay);
  }
}
