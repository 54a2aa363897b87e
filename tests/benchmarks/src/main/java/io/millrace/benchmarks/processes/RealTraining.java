package io.millrace.benchmarks.processes;

import io.millrace.app.data.DatasetSpec;
import io.millrace.app.data.ImageOrder;
import io.millrace.app.data.ImageSource;
import io.millrace.app.data.ScaledSource;
import io.millrace.app.data.SourceImage;
import io.millrace.app.network.NetworkFiles;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.training.Learner;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;

/** A learner on Fashion-MNIST, scaled to its network's input; a function of the seed alone. */
final class RealTraining implements AutoCloseable {
  static final int BATCH = 32;

  /** Another one than 1 serves to see a comparison fail. */
  private static final long SEED = Long.getLong("millrace.benchmarks.seed", 1);

  private final ImageSource source;
  private final ImageOrder order;
  private final PixelNormalization normalization;
  private final int imageElements;
  private final Learner learner;

  /**
   * Opens the images and draws the first weights.
   *
   * @param name of a network that ships, or its file
   * @param threads of the learner
   */
  RealTraining(String name, int threads) {
    NetworkSpec network = NetworkFiles.load(name, Path.of("").toAbsolutePath());
    int[] input = network.input().toArray();
    ImageSource images = DatasetSpec.parse("fashion-mnist").open(_ -> {});
    SourceImage first = images.image(0);
    boolean fits =
        first.channels() == input[0] && first.height() == input[1] && first.width() == input[2];
    source = fits ? images : new ScaledSource(images, input[0], input[1], input[2]);
    order = ImageOrder.forever(source.size(), OptionalLong.of(SEED));
    float[] mean = new float[input[0]];
    float[] std = new float[input[0]];
    Arrays.fill(mean, 0.286f);
    Arrays.fill(std, 0.353f);
    normalization = PixelNormalization.of(mean, std);
    imageElements = network.input().elements();
    learner =
        Learner.create(
            network,
            OptimizerSpec.heavyBall(0.9f, 5e-4f),
            new StepDecay(0.01, 200, 0.5, 0),
            SEED,
            InitializationSpec.withDefaults(),
            BATCH,
            threads,
            KernelLookup.lookup());
  }

  /** Learns from the next {@link #BATCH} images. */
  void step() {
    long from = learner.step() * BATCH;
    for (int i = 0; i < BATCH; i++) {
      SourceImage image = source.image(order.at(from + i));
      normalization.apply(image.data(), learner.images(), i * imageElements);
      learner.labels()[i] = image.label();
    }
    learner.step(BATCH);
  }

  /** SHA-256 of the training state, in hexadecimal. */
  String sha256() {
    return learner.state().sha256();
  }

  @Override
  public void close() {
    learner.close();
    source.close();
  }
}
