package io.millrace.tests.formats;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.PixelNormalization;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import io.millrace.model.training.Inference;
import io.millrace.model.training.Learner;
import io.millrace.tests.support.Images;
import java.util.Arrays;
import java.util.Map;

/**
 * A network that has learned some minibatches of Fashion-MNIST, so that weights and running
 * statistics are none that it started with.
 */
record TrainedNetwork(NetworkSpec network, Map<String, Tensor> tensors) {
  private static final int BATCH = 32;

  static TrainedNetwork train(NetworkSpec network, int steps) {
    try (Learner learner =
        Learner.create(
            network,
            OptimizerSpec.heavyBall(0.9f, 5e-4f),
            new ConstantSchedule(0.01),
            7,
            InitializationSpec.withDefaults(),
            BATCH,
            2,
            KernelLookup.lookup())) {
      for (int step = 0; step < steps; step++) {
        for (int i = 0; i < BATCH; i++) {
          int image = step * BATCH + i;
          normalization(network)
              .apply(
                  pixels(network.input(), image), learner.images(), i * network.input().elements());
          learner.labels()[i] = Images.image(image).getLabel() % network.classes();
        }
        learner.step(BATCH);
      }
      return new TrainedNetwork(network, learner.state().parametersAndBuffers());
    }
  }

  static PixelNormalization normalization(NetworkSpec network) {
    float[] mean = new float[network.input().extent(0)];
    float[] std = new float[mean.length];
    Arrays.fill(mean, 0.29f);
    Arrays.fill(std, 0.35f);
    mean[0] = 0.3f;
    return PixelNormalization.of(mean, std);
  }

  /** Fashion-MNIST in another size, each channel another image. */
  static byte[] pixels(Shape input, int image) {
    int height = input.extent(1);
    int width = input.extent(2);
    byte[] pixels = new byte[input.elements()];
    for (int c = 0; c < input.extent(0); c++) {
      byte[] source = Images.pixels(image + c);
      for (int h = 0; h < height; h++) {
        for (int w = 0; w < width; w++) {
          pixels[(c * height + h) * width + w] =
              source[h * Images.SIDE / height * Images.SIDE + w * Images.SIDE / width];
        }
      }
    }
    return pixels;
  }

  /** Images that it has not seen, [n][c][h][w], unsigned bytes. */
  byte[] unseenPixels(int n) {
    byte[] pixels = new byte[n * network.input().elements()];
    for (int i = 0; i < n; i++) {
      byte[] image = pixels(network.input(), 9_000 + i);
      System.arraycopy(image, 0, pixels, i * image.length, image.length);
    }
    return pixels;
  }

  /** The same, normalized. */
  float[] unseenImages(int n) {
    float[] images = new float[n * network.input().elements()];
    for (int i = 0; i < n; i++) {
      normalization(network)
          .apply(pixels(network.input(), 9_000 + i), images, i * network.input().elements());
    }
    return images;
  }

  /** [n][classes]. */
  float[] logits(float[] images, int n) {
    float[] logits = new float[n * network.classes()];
    try (Inference inference = inference(n)) {
      inference.logits(images, n, logits);
    }
    return logits;
  }

  /** [n][classes]. */
  float[] probabilities(float[] images, int n) {
    float[] probabilities = new float[n * network.classes()];
    try (Inference inference = inference(n)) {
      inference.predict(images, n, probabilities);
    }
    return probabilities;
  }

  private Inference inference(int n) {
    return Inference.create(network, tensors, n, 1, KernelLookup.lookup());
  }
}
