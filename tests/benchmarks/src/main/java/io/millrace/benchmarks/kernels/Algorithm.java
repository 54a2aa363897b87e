package io.millrace.benchmarks.kernels;

import io.millrace.model.kernel.Conv2dPlan;
import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Kernels, and which of their ways computes a layer. Another one joins {@link #ALL}.
 *
 * @param planned whether the way is that of training, {@link Conv2dPlan}; if not, products are
 *     summed as they are even where the plan transforms them first
 */
record Algorithm(String name, Kernels kernels, boolean planned) {
  /**
   * Of the largest element: the bound on the error of ways that sum products as they are, one chain
   * for each element. Longer chains than {@link #TERMS} may be off by more, with the root of their
   * length.
   */
  static final double DIRECT_BOUND = 2e-6;

  static final int TERMS = 1024;

  /** The same for ways that transform their operands first, such as Winograd's. */
  static final double TRANSFORMED_BOUND = 1e-4;

  static final List<Algorithm> ALL =
      List.of(
          new Algorithm("vector", new VectorKernels(), true),
          new Algorithm("scalar", new ScalarKernels(), true),
          new Algorithm("vector-direct", new VectorKernels(), false),
          new Algorithm("scalar-direct", new ScalarKernels(), false));

  /** The algorithm of a name. */
  static Algorithm named(String name) {
    return ALL.stream()
        .filter(algorithm -> algorithm.name().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("expected one of " + names() + ", got " + name));
  }

  private static List<String> names() {
    return ALL.stream().map(Algorithm::name).toList();
  }

  /** Reads an option. */
  static final class Converter implements ITypeConverter<Algorithm> {
    @Override
    public Algorithm convert(String name) {
      try {
        return named(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** Whether it computes this layer in another way than those before it. */
  boolean fits(Layer layer) {
    return planned || suitsWinograd(layer);
  }

  /** Whether it computes this layer by a transform, which costs digits and saves products. */
  boolean transforms(Layer layer) {
    return planned && suitsWinograd(layer);
  }

  /** The ways of forward, backward input and backward weight; one if they are the same. */
  String way(Layer layer) {
    return switch (layer) {
      case Layer.FullyConnected _ -> "linear";
      case Layer.Convolution convolution ->
          suitsWinograd(layer) && !planned
              ? Conv2dPlan.Way.DIRECT.toString()
              : way(Conv2dPlan.of(convolution.shape()));
    };
  }

  private static String way(Conv2dPlan plan) {
    List<Conv2dPlan.Way> ways =
        List.of(plan.forward(), plan.backwardInput(), plan.backwardWeight());
    List<String> names = ways.stream().map(Conv2dPlan.Way::toString).toList();
    return names.stream().distinct().count() == 1 ? names.getFirst() : String.join(" / ", names);
  }

  /** What can be timed: a transform has the input's gradient only together with the weights'. */
  List<Pass> passes(Layer layer) {
    return transforms(layer)
        ? List.of(Pass.FORWARD, Pass.BACKWARD_WEIGHT, Pass.BACKWARD)
        : List.of(Pass.values());
  }

  /** The largest error allowed, relative to the largest element of the reference. */
  double bound(Layer layer) {
    if (transforms(layer)) {
      return TRANSFORMED_BOUND;
    }
    // A convolution's longest chains are over the pixels of a shard, and keep the bound.
    int terms = layer instanceof Layer.FullyConnected linear ? linear.in() : TERMS;
    return DIRECT_BOUND * Math.sqrt(Math.max(1, (double) terms / TERMS));
  }

  /** Packs the weights and takes the memory. */
  LayerRun prepare(Layer layer, LayerData data) {
    return switch (layer) {
      case Layer.Convolution convolution -> {
        Conv2dShape shape = convolution.shape();
        yield transforms(layer)
            ? new WinogradRun(kernels, shape, data)
            : new ConvolutionRun(kernels, shape, data);
      }
      case Layer.FullyConnected linear -> new LinearRun(kernels, linear, data);
    };
  }

  private static boolean suitsWinograd(Layer layer) {
    return layer instanceof Layer.Convolution convolution
        && Conv2dPlan.of(convolution.shape()).forward() == Conv2dPlan.Way.WINOGRAD;
  }
}
