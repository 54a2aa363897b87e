package io.millrace.topology;

import io.millrace.ImageEncoding;
import io.millrace.LabeledImage;
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
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A learner small enough to train in a moment, with every kind of state that a learner has. */
public final class SmallLearner {

  public static final int BATCH = 4;
  public static final int CLASSES = 3;
  public static final int SIDE = 6;

  private SmallLearner() {}

  /** Convolution, batch norm and dropout, so that velocities, buffers and the step all matter. */
  public static NetworkSpec network() {
    return new NetworkSpec(
        "small",
        Shape.of(1, SIDE, SIDE),
        List.of(
            new NodeSpec("conv", OperationSpec.Conv2d.of(4, 3), List.of(NetworkSpec.INPUT)),
            new NodeSpec("norm", OperationSpec.BatchNorm2d.withDefaults(), List.of("conv")),
            new NodeSpec("relu", new OperationSpec.Relu(), List.of("norm")),
            new NodeSpec("drop", new OperationSpec.Dropout(0.25f), List.of("relu")),
            new NodeSpec("flat", new OperationSpec.Flatten(), List.of("drop")),
            new NodeSpec("out", new OperationSpec.Linear(CLASSES, true), List.of("flat"))),
        LossSpec.SOFTMAX_CROSS_ENTROPY);
  }

  public static LearnerConfig config() {
    return config(new MinibatchConfig(BATCH, 0), new SnapshotConfig(2, 0, 2));
  }

  public static LearnerConfig config(Map<String, String> kafka) {
    return config(
        new MinibatchConfig(BATCH, 0),
        new SnapshotConfig(2, 0, 2),
        GuardConfig.withDefaults(),
        kafka);
  }

  public static LearnerConfig config(MinibatchConfig minibatch, SnapshotConfig snapshots) {
    return config(minibatch, snapshots, GuardConfig.withDefaults());
  }

  public static LearnerConfig config(
      MinibatchConfig minibatch, SnapshotConfig snapshots, GuardConfig guards) {
    return config(minibatch, snapshots, guards, Map.of());
  }

  private static LearnerConfig config(
      MinibatchConfig minibatch,
      SnapshotConfig snapshots,
      GuardConfig guards,
      Map<String, String> kafka) {
    return new LearnerConfig(
        "small",
        TopicNames.defaults(),
        network(),
        InitializationSpec.withDefaults(),
        7,
        new ImageConfig(
            PixelNormalization.of(new float[] {0.5f}, new float[] {0.25f}),
            List.of("a", "b", "c"),
            100_000,
            10_000),
        minibatch,
        OptimizerSpec.heavyBall(0.9f, 1e-3f),
        new StepDecay(0.05, 3, 0.5, 0.001),
        new MetricsConfig(10, true, 3),
        snapshots,
        guards,
        SigningConfig.none(),
        1,
        kafka);
  }

  /** Image {@code index} of an endless, seeded stream: a bright stripe tells the class. */
  public static LabeledImage image(int index) {
    Random random = new Random(index);
    int label = random.nextInt(CLASSES);
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (random.nextInt(100) + (i / SIDE / 2 == label ? 150 : 0));
    }
    return LabeledImage.newBuilder()
        .setId("image-" + index)
        .setLabel(label)
        .setEncoding(ImageEncoding.RAW)
        .setChannels(1)
        .setHeight(SIDE)
        .setWidth(SIDE)
        .setData(ByteBuffer.wrap(pixels))
        .build();
  }
}
