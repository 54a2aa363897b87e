package io.millrace.topology.learn;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.training.FrozenLayers;
import io.millrace.model.training.Learner;
import io.millrace.topology.config.LearnerConfig;

/** Makes the learner that a configuration describes. */
public final class Learners {

  private Learners() {}

  public static Learner create(LearnerConfig config) {
    return Learner.create(
        config.network(),
        config.optimizer(),
        config.schedule(),
        config.seed(),
        config.initialization(),
        new FrozenLayers(config.warmStart().freeze()),
        config.minibatch().size(),
        config.threads(),
        KernelLookup.lookup());
  }
}
