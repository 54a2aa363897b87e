package io.millrace.benchmarks.kernels;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import java.util.List;

/** A way to compute a layer. Another one joins {@link #ALL}. */
interface Algorithm {
  /**
   * Of the largest element: the bound on the error of algorithms that sum products as they are, one
   * chain for each element. Longer chains than {@link #TERMS} may be off by more, with the root of
   * their length.
   */
  double DIRECT_BOUND = 2e-6;

  int TERMS = 1024;

  /** The same for algorithms that transform their operands first, such as Winograd's. */
  double TRANSFORMED_BOUND = 1e-4;

  List<Algorithm> ALL =
      List.of(new Direct("vector", new VectorKernels()), new Direct("scalar", new ScalarKernels()));

  String name();

  /** The largest error allowed, relative to the largest element of the reference. */
  double bound(Layer layer);

  /** Whether it can compute this layer. */
  boolean fits(Layer layer);

  LayerRun prepare(Layer layer, LayerData data);

  /** The algorithm of a name. */
  static Algorithm named(String name) {
    return ALL.stream()
        .filter(algorithm -> algorithm.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "algorithm: expected one of "
                    + ALL.stream().map(Algorithm::name).toList()
                    + ", got "
                    + name));
  }

  /** The kernels by their definition. */
  record Direct(String name, Kernels kernels) implements Algorithm {

    @Override
    public double bound(Layer layer) {
      // A convolution's longest chains are over the pixels of a shard, and keep the bound.
      int terms = layer instanceof Layer.FullyConnected linear ? linear.in() : TERMS;
      return DIRECT_BOUND * Math.sqrt(Math.max(1, (double) terms / TERMS));
    }

    @Override
    public boolean fits(Layer layer) {
      return true;
    }

    @Override
    public LayerRun prepare(Layer layer, LayerData data) {
      return switch (layer) {
        case Layer.Convolution convolution ->
            new DirectConvolution(kernels, convolution.shape(), data);
        case Layer.FullyConnected linear -> new DirectLinear(kernels, linear, data);
      };
    }
  }
}
