package io.millrace.benchmarks.engines;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Tensor;
import io.millrace.model.training.Learner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What all engines predict.
 *
 * @param weights by name, batch norm's running statistics among them
 * @param batches of one size
 * @param threads that an engine may use
 */
public record InferenceSetup(
    NetworkSpec network, Map<String, Tensor> weights, List<Batch> batches, int threads) {

  public int batchSize() {
    return batches.getFirst().labels().length;
  }

  /** Weights after some steps of training, so that batch norm's statistics are not the first. */
  public static Map<String, Tensor> trained(NetworkSpec network, List<Batch> batches, long seed) {
    int size = batches.getFirst().labels().length;
    try (Learner learner =
        Learner.create(
            network,
            OptimizerSpec.heavyBall(0.9f, 0),
            new ConstantSchedule(0.01),
            seed,
            InitializationSpec.withDefaults(),
            size,
            1,
            KernelLookup.lookup())) {
      for (Batch batch : batches) {
        System.arraycopy(batch.images(), 0, learner.images(), 0, batch.images().length);
        System.arraycopy(batch.labels(), 0, learner.labels(), 0, size);
        learner.step(size);
      }
      Map<String, Tensor> copy = new LinkedHashMap<>();
      learner
          .state()
          .parametersAndBuffers()
          .forEach((name, t) -> copy.put(name, new Tensor(t.shape(), t.data().clone())));
      return copy;
    }
  }
}
