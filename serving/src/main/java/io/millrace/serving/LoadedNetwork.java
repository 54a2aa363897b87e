package io.millrace.serving;

import io.millrace.model.training.Inference;

/**
 * A built network and its buffers, for one call at a time.
 *
 * @param images [maxBatch][c][h][w], overwritten by each call
 * @param probabilities [maxBatch][classes], overwritten by each call
 */
record LoadedNetwork(Inference inference, float[] images, float[] probabilities)
    implements AutoCloseable {

  static LoadedNetwork create(Snapshot snapshot, Predictor.Options options) {
    Inference inference =
        Inference.create(
            snapshot.network(),
            snapshot.tensors(),
            options.maxBatch(),
            options.threads(),
            options.kernels());
    return new LoadedNetwork(
        inference,
        new float[options.maxBatch() * snapshot.network().input().elements()],
        new float[options.maxBatch() * inference.classes()]);
  }

  /** Takes another snapshot's weights for the same architecture. */
  void load(Snapshot snapshot) {
    inference.load(snapshot.tensors());
  }

  @Override
  public void close() {
    inference.close();
  }
}
