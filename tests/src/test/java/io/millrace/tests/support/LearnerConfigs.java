package io.millrace.tests.support;

import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SigningConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.config.WarmStartConfig;

/** A learner's configuration with some of it replaced. */
public final class LearnerConfigs {

  private LearnerConfigs() {}

  public static LearnerConfig with(
      LearnerConfig config, MinibatchConfig minibatch, SnapshotConfig snapshots) {
    return with(
        config, minibatch, snapshots, config.guards(), config.signing(), config.warmStart());
  }

  public static LearnerConfig with(LearnerConfig config, GuardConfig guards) {
    return with(
        config,
        config.minibatch(),
        config.snapshots(),
        guards,
        config.signing(),
        config.warmStart());
  }

  public static LearnerConfig with(LearnerConfig config, SigningConfig signing) {
    return with(
        config,
        config.minibatch(),
        config.snapshots(),
        config.guards(),
        signing,
        config.warmStart());
  }

  public static LearnerConfig with(LearnerConfig config, WarmStartConfig warmStart) {
    return with(
        config,
        config.minibatch(),
        config.snapshots(),
        config.guards(),
        config.signing(),
        warmStart);
  }

  private static LearnerConfig with(
      LearnerConfig config,
      MinibatchConfig minibatch,
      SnapshotConfig snapshots,
      GuardConfig guards,
      SigningConfig signing,
      WarmStartConfig warmStart) {
    return new LearnerConfig(
        config.model(),
        config.topics(),
        config.network(),
        config.initialization(),
        config.seed(),
        config.images(),
        minibatch,
        config.optimizer(),
        config.schedule(),
        config.metrics(),
        snapshots,
        guards,
        signing,
        warmStart,
        config.threads(),
        config.kafka());
  }
}
