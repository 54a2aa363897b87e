package io.millrace.topology.config;

import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import java.util.Map;
import java.util.TreeMap;

/**
 * All that decides what a learner does. Two learners with equal configurations and equal input
 * compute equal weights; {@code threads} and {@code kafka} do not enter into them.
 *
 * @param model name of the model: the first part of every snapshot's key
 * @param seed seed of the initial weights and of dropout
 * @param threads threads that share a training step
 * @param kafka properties passed through to Kafka Streams and its clients
 */
public record LearnerConfig(
    String model,
    TopicNames topics,
    NetworkSpec network,
    InitializationSpec initialization,
    long seed,
    ImageConfig images,
    MinibatchConfig minibatch,
    OptimizerSpec optimizer,
    Schedule schedule,
    MetricsConfig metrics,
    SnapshotConfig snapshots,
    int threads,
    Map<String, String> kafka) {

  public LearnerConfig {
    if (!model.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw new IllegalArgumentException(
          "model: expected at most 100 letters, digits, '.', '_' and '-', a letter or digit first, got '"
              + model
              + "'");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: expected at least 1, got " + threads);
    }
    int channels = network.input().extent(0);
    if (images.normalization().channels() != channels) {
      throw new IllegalArgumentException(
          "images.mean and images.std: expected "
              + channels
              + " values, one for each channel of network "
              + network.name()
              + ", got "
              + images.normalization().channels());
    }
    kafka = Map.copyOf(new TreeMap<>(kafka));
  }
}
