package io.millrace.benchmarks.engines;

import io.millrace.model.kernel.KernelLookup;
import io.millrace.model.training.Inference;
import java.util.List;

/** Millrace's predictor. */
public final class MillracePredictor implements Predictor {
  private final Inference inference;
  private final List<Batch> batches;
  private final int batchSize;
  private final float[] scores;

  public MillracePredictor(InferenceSetup setup) {
    batches = setup.batches();
    batchSize = setup.batchSize();
    inference =
        Inference.create(
            setup.network(), setup.weights(), batchSize, setup.threads(), KernelLookup.lookup());
    scores = new float[batchSize * setup.network().classes()];
  }

  @Override
  public String engine() {
    return "Millrace";
  }

  @Override
  public float[] predict(int number) {
    inference.logits(batches.get(number % batches.size()).images(), batchSize, scores);
    return scores;
  }

  @Override
  public void close() {
    inference.close();
  }
}
