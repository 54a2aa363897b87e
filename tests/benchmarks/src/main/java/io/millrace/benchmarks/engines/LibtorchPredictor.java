package io.millrace.benchmarks.engines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.List;

/** PyTorch's C++ library, called through DJL operation by operation, without gradients. */
public final class LibtorchPredictor implements Predictor {
  private final LibtorchNetwork network;
  private final List<NDArray> batches;

  public LibtorchPredictor(InferenceSetup setup) {
    network = new LibtorchNetwork(setup.network(), setup.weights(), DataType.FLOAT32, false);
    batches =
        setup.batches().stream()
            .map(batch -> network.images(batch.images(), network.manager()))
            .toList();
  }

  @Override
  public String engine() {
    return "libtorch";
  }

  @Override
  public float[] predict(int number) {
    NDArray images = batches.get(number % batches.size());
    try (NDManager scratch = network.manager().newSubManager()) {
      scratch.tempAttachAll(new NDList(images));
      return network.forward(images).toFloatArray();
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
