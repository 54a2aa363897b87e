package io.millrace.serving;

import io.millrace.model.training.Inference;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A built network with one snapshot's weights and its buffers. One call at a time uses it. */
final class LoadedNetwork implements AutoCloseable {
  private final Snapshot snapshot;
  private final Inference inference;
  private final float[] images;
  private final float[] probabilities;

  private LoadedNetwork(
      Snapshot snapshot, Inference inference, float[] images, float[] probabilities) {
    this.snapshot = snapshot;
    this.inference = inference;
    this.images = images;
    this.probabilities = probabilities;
  }

  /** {@code used} with the weights of {@code snapshot}, or a new one where that cannot be. */
  @SuppressWarnings("ReferenceEquality") // One published snapshot is one object.
  static LoadedNetwork of(
      @Nullable LoadedNetwork used, Snapshot snapshot, Predictor.Options options) {
    if (used != null && used.snapshot == snapshot) {
      return used;
    }
    if (used != null && used.snapshot.network().equals(snapshot.network())) {
      used.inference.load(snapshot.tensors());
      return new LoadedNetwork(snapshot, used.inference, used.images, used.probabilities);
    }
    if (used != null) {
      used.close();
    }
    Inference inference =
        Inference.create(
            snapshot.network(),
            snapshot.tensors(),
            options.maxBatch(),
            options.threads(),
            options.kernels());
    return new LoadedNetwork(
        snapshot,
        inference,
        new float[options.maxBatch() * snapshot.network().input().elements()],
        new float[options.maxBatch() * inference.classes()]);
  }

  /** [maxBatch][c][h][w]: the caller fills the first images. */
  float[] images() {
    return images;
  }

  /** Predicts the first {@code count} images and appends the answers. */
  void predict(int count, List<Answer> answers) {
    inference.predict(images, count, probabilities);
    int classes = inference.classes();
    for (int i = 0; i < count; i++) {
      float[] row = Arrays.copyOfRange(probabilities, i * classes, (i + 1) * classes);
      int label = first(row);
      Optional<String> name =
          snapshot.classNames().isEmpty()
              ? Optional.empty()
              : Optional.of(snapshot.classNames().get(label));
      answers.add(new Answer(snapshot.version(), label, name, row));
    }
  }

  @Override
  public void close() {
    inference.close();
  }

  private static int first(float[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }
}
