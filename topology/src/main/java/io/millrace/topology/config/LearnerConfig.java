package io.millrace.topology.config;

import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import java.util.Arrays;
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
    GuardConfig guards,
    SigningConfig signing,
    WarmStartConfig warmStart,
    int threads,
    Map<String, String> kafka) {

  /** A model that begins with drawn weights, all of which learn. */
  public LearnerConfig(
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
      GuardConfig guards,
      SigningConfig signing,
      int threads,
      Map<String, String> kafka) {
    this(
        model,
        topics,
        network,
        initialization,
        seed,
        images,
        minibatch,
        optimizer,
        schedule,
        metrics,
        snapshots,
        guards,
        signing,
        WarmStartConfig.none(),
        threads,
        kafka);
  }

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

  /**
   * Everything that decides weights and versions, as text by configuration key: equal settings and
   * equal input give equal bits.
   */
  public Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    settings.put("network", network.fingerprint());
    settings.put("seed", Long.toString(seed));
    settings.put("initialization", initialization.toString());
    settings.put("images.mean", Arrays.toString(images.normalization().mean()));
    settings.put("images.std", Arrays.toString(images.normalization().std()));
    settings.put("images.maxRecordBytes", Integer.toString(images.maxRecordBytes()));
    settings.put("images.maxPixels", Integer.toString(images.maxPixels()));
    settings.put("minibatch.size", Integer.toString(minibatch.size()));
    optimizer.attributes().forEach((name, value) -> settings.put("optimizer." + name, value));
    settings.put("learningRate", schedule.toString());
    settings.put("metrics.window", Integer.toString(metrics.window()));
    settings.put("snapshots.everySteps", Long.toString(snapshots.everySteps()));
    settings.put("guards.window", Integer.toString(guards.window()));
    settings.put("guards.sigmas", Double.toString(guards.sigmas()));
    settings.put("guards.pauseAfter", Integer.toString(guards.pauseAfter()));
    warmStart.addSettings(settings);
    return settings;
  }
}
