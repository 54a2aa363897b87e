package io.millrace.tests.support;

import io.millrace.app.data.FashionMnist;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Shape;
import io.millrace.topology.config.GuardConfig;
import io.millrace.topology.config.ImageConfig;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.config.MetricsConfig;
import io.millrace.topology.config.MinibatchConfig;
import io.millrace.topology.config.SigningConfig;
import io.millrace.topology.config.SnapshotConfig;
import io.millrace.topology.config.TopicNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A learner small enough to train in a moment, with every kind of state that a learner has:
 * velocities, running statistics, dropout's random numbers, a decaying rate and a window of
 * metrics.
 *
 * @param batch images in a minibatch; by default no multiple of the shards, so that they are uneven
 * @param retain snapshot versions that are kept
 */
public record TestLearner(int batch, int everySteps, int retain, int threads) {

  public static final String MODEL = "e2e";

  public static TestLearner withDefaults() {
    return new TestLearner(19, 5, 3, 1);
  }

  public TestLearner withThreads(int newThreads) {
    return new TestLearner(batch, everySteps, retain, newThreads);
  }

  public TestLearner withSnapshots(int newEverySteps, int newRetain) {
    return new TestLearner(batch, newEverySteps, newRetain, threads);
  }

  /** The first linear layer's weights take two chunks on the snapshot topic. */
  public static NetworkSpec network() {
    return new NetworkSpec(
        "tiny",
        Shape.of(1, Images.SIDE, Images.SIDE),
        List.of(
            new NodeSpec("conv", OperationSpec.Conv2d.of(4, 3), List.of(NetworkSpec.INPUT)),
            new NodeSpec("norm", OperationSpec.BatchNorm2d.withDefaults(), List.of("conv")),
            new NodeSpec("relu1", new OperationSpec.Relu(), List.of("norm")),
            new NodeSpec("pool", OperationSpec.MaxPool2d.of(2), List.of("relu1")),
            new NodeSpec("flat", new OperationSpec.Flatten(), List.of("pool")),
            new NodeSpec("drop", new OperationSpec.Dropout(0.25f), List.of("flat")),
            new NodeSpec("hidden", new OperationSpec.Linear(100, true), List.of("drop")),
            new NodeSpec("relu2", new OperationSpec.Relu(), List.of("hidden")),
            new NodeSpec("out", new OperationSpec.Linear(Images.CLASSES, true), List.of("relu2"))),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  /** The configuration of one run, whose name is also its application id. */
  public LearnerConfig config(
      String run, TopicNames topics, String bootstrapServers, Path stateFolder) {
    Map<String, String> kafka =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "application.id",
            run,
            "state.dir",
            stateFolder.toString(),
            "commit.interval.ms",
            "100",
            // A stopped learner stays in its group for this long, and its successor waits.
            "consumer.session.timeout.ms",
            "2000",
            "consumer.heartbeat.interval.ms",
            "500");
    return config(topics, network(), kafka);
  }

  /** The configuration of a learner of another network, with Kafka's properties as given. */
  public LearnerConfig config(TopicNames topics, NetworkSpec network, Map<String, String> kafka) {
    return new LearnerConfig(
        MODEL,
        topics,
        network,
        InitializationSpec.withDefaults(),
        42,
        new ImageConfig(
            PixelNormalization.of(new float[] {0.286f}, new float[] {0.353f}),
            FashionMnist.CLASS_NAMES,
            ImageConfig.DEFAULT_MAX_RECORD_BYTES,
            ImageConfig.DEFAULT_MAX_PIXELS),
        new MinibatchConfig(batch, 0),
        OptimizerSpec.heavyBall(0.9f, 1e-3f),
        new StepDecay(0.05, 8, 0.5, 0.001),
        new MetricsConfig(100, true, 10),
        new SnapshotConfig(everySteps, 0, retain),
        GuardConfig.withDefaults(),
        SigningConfig.none(),
        threads,
        kafka);
  }
}
