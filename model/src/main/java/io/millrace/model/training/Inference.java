package io.millrace.model.training;

import io.millrace.model.graph.Graph;
import io.millrace.model.graph.Pass;
import io.millrace.model.graph.SoftmaxCrossEntropy;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.network.Network;
import io.millrace.model.network.NetworkBuilder;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.tensor.Tensor;
import java.util.Map;

/**
 * A network that predicts: batch norm takes its running statistics and dropout drops nothing. It
 * holds a copy of the weights. Predicting allocates nothing. One thread at a time uses it.
 */
public final class Inference implements AutoCloseable {
  /** Images that go through the network at a time: so few that a layer's values stay cached. */
  private static final int CHUNK = 32;

  private static final float[] NONE = {};

  private final NetworkSpec spec;
  private final int maxBatch;
  private final Workers workers;
  private final Pass pass;
  private final Network network;
  private final Graph graph;
  private final Map<String, Tensor> tensors;
  private final int classes;

  private Inference(NetworkSpec spec, int maxBatch, Workers workers, Kernels kernels) {
    this.spec = spec;
    this.workers = workers;
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: expected at least 1, got " + maxBatch);
    }
    this.maxBatch = maxBatch;
    pass = new Pass(kernels, workers, Math.min(maxBatch, CHUNK), false, 0);
    network = NetworkBuilder.build(spec, false);
    graph = new Graph(network.scores(), pass);
    tensors = network.tensors();
    classes = network.scores().elements();
  }

  /**
   * A predictor with the given weights.
   *
   * @param parametersAndBuffers by name; copied
   * @param maxBatch the most images of one call, at least 1
   * @param threads that compute, the caller's included
   * @throws IllegalArgumentException as {@link #load}
   */
  public static Inference create(
      NetworkSpec spec,
      Map<String, Tensor> parametersAndBuffers,
      int maxBatch,
      int threads,
      Kernels kernels) {
    Workers workers = new Workers(threads);
    try {
      Inference inference = new Inference(spec, maxBatch, workers, kernels);
      inference.load(parametersAndBuffers);
      return inference;
    } catch (RuntimeException e) {
      workers.close();
      throw e;
    }
  }

  /**
   * Takes other weights.
   *
   * @param parametersAndBuffers by name; copied
   * @throws IllegalArgumentException if a tensor is missing, unknown or of another shape; the
   *     weights have not changed then
   */
  public void load(Map<String, Tensor> parametersAndBuffers) {
    for (String name : parametersAndBuffers.keySet()) {
      if (!tensors.containsKey(name)) {
        throw new IllegalArgumentException(
            "tensor "
                + name
                + ": expected one of network "
                + spec.name()
                + ", which has none such");
      }
    }
    // All are checked before one is taken.
    tensors.forEach((name, own) -> required(name, own, parametersAndBuffers));
    tensors.forEach((name, own) -> {
      float[] from = required(name, own, parametersAndBuffers).data();
      System.arraycopy(from, 0, own.data(), 0, from.length);
    });
    graph.prepare();
  }

  /**
   * Predicts images.
   *
   * @param imagesNchw [n][c][h][w]
   * @param n 1 to maxBatch
   * @param probabilities [n][classes], overwritten: the softmax of the scores for cross-entropy,
   *     the scores themselves for squared error
   */
  public void predict(float[] imagesNchw, int n, float[] probabilities) {
    logits(imagesNchw, n, probabilities);
    if (spec.loss() == LossSpec.SOFTMAX_CROSS_ENTROPY) {
      for (int i = 0; i < n; i++) {
        SoftmaxCrossEntropy.softmax(
            probabilities, i * classes, probabilities, i * classes, classes);
      }
    }
  }

  /**
   * The scores before any softmax.
   *
   * @param imagesNchw [n][c][h][w]
   * @param n 1 to maxBatch
   * @param logits [n][classes], overwritten
   */
  public void logits(float[] imagesNchw, int n, float[] logits) {
    if (n < 1 || n > maxBatch) {
      throw new IllegalArgumentException(
          "minibatch: expected 1 to " + maxBatch + " samples, got " + n);
    }
    requireLength("images", imagesNchw, n * spec.input().elements());
    requireLength("output", logits, n * classes);
    for (int first = 0; first < n; first += pass.maxBatch()) {
      int count = Math.min(n - first, pass.maxBatch());
      pass.begin(count, 0);
      network.input().source(imagesNchw, first);
      graph.forward();
      System.arraycopy(network.scores().value(), 0, logits, first * classes, count * classes);
    }
    network.input().source(NONE);
  }

  public int classes() {
    return classes;
  }

  /** The most images of one call. */
  public int maxBatch() {
    return maxBatch;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    workers.close();
  }

  private static Tensor required(String name, Tensor own, Map<String, Tensor> tensors) {
    Tensor tensor = tensors.get(name);
    if (tensor == null || !tensor.shape().equals(own.shape())) {
      throw new IllegalArgumentException(
          "tensor "
              + name
              + ": expected "
              + own.shape()
              + ", got "
              + (tensor == null ? "none" : tensor.shape()));
    }
    return tensor;
  }

  private static void requireLength(String what, float[] array, int length) {
    if (array.length < length) {
      throw new IllegalArgumentException(
          what + ": expected at least " + length + " floats, got " + array.length);
    }
  }
}
