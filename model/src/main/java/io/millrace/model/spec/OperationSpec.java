package io.millrace.model.spec;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What one layer does. Attribute names are PyTorch's in lowerCamel, defaults are PyTorch's too.
 * Shapes are those of one image: [C, H, W] or [F]. Every constructor throws {@link SpecException}
 * for an attribute out of its range.
 */
public sealed interface OperationSpec {
  /** The name in files and manifests, such as {@code conv2d}. */
  String type();

  /** Every attribute as canonical text, defaults included; {@link #parse} is the inverse. */
  default SortedMap<String, String> attributes() {
    return Collections.emptySortedMap();
  }

  /**
   * Reads an operation from the text of its attributes; those left out take their defaults.
   *
   * @throws SpecException for an unknown type, an unknown, missing or malformed attribute
   */
  static OperationSpec parse(String type, Map<String, String> attributes) {
    return OperationParser.parse(type, attributes);
  }

  /** The names of all operations, sorted. */
  static List<String> types() {
    return OperationParser.types();
  }

  /**
   * The attributes that operation {@code type} takes, in the order in which they are documented.
   *
   * @throws SpecException for an unknown type
   */
  static List<String> attributeNames(String type) {
    return OperationParser.attributeNames(type);
  }

  /**
   * Two-dimensional cross-correlation, [C, H, W] to [outChannels, H', W'] with H' = floor((H +
   * 2*padding - dilation*(kernel-1) - 1) / stride) + 1. Weights are [outChannels, C/groups, kh,
   * kw].
   *
   * @param padding zeros on each side
   * @param groups divides C and outChannels; equal to C it is a depthwise convolution
   */
  record Conv2d(
      int outChannels,
      Size2d kernel,
      Size2d stride,
      Size2d padding,
      Size2d dilation,
      int groups,
      boolean bias)
      implements OperationSpec {
    public Conv2d {
      Attributes.require(outChannels, "outChannels", 1, Attributes.MAX_FEATURES);
      Attributes.require(kernel, "kernel", 1);
      Attributes.require(stride, "stride", 1);
      Attributes.require(padding, "padding", 0);
      Attributes.require(dilation, "dilation", 1);
      Attributes.require(groups, "groups", 1, Attributes.MAX_FEATURES);
      if (outChannels % groups != 0) {
        throw SpecException.of(
            "groups", "a divisor of the " + outChannels + " outChannels", groups);
      }
    }

    /** A square convolution with PyTorch's defaults: stride 1, no padding, bias. */
    public static Conv2d of(int outChannels, int kernel) {
      Size2d one = Size2d.square(1);
      return new Conv2d(outChannels, Size2d.square(kernel), one, Size2d.square(0), one, 1, true);
    }

    public Conv2d withStride(int extent) {
      return new Conv2d(
          outChannels, kernel, Size2d.square(extent), padding, dilation, groups, bias);
    }

    public Conv2d withPadding(int extent) {
      return new Conv2d(outChannels, kernel, stride, Size2d.square(extent), dilation, groups, bias);
    }

    public Conv2d withDilation(int extent) {
      return new Conv2d(outChannels, kernel, stride, padding, Size2d.square(extent), groups, bias);
    }

    public Conv2d withGroups(int count) {
      return new Conv2d(outChannels, kernel, stride, padding, dilation, count, bias);
    }

    public Conv2d withoutBias() {
      return new Conv2d(outChannels, kernel, stride, padding, dilation, groups, false);
    }

    @Override
    public String type() {
      return "conv2d";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(
          Map.of(
              "outChannels", outChannels,
              "kernel", kernel,
              "stride", stride,
              "padding", padding,
              "dilation", dilation,
              "groups", groups,
              "bias", bias));
    }
  }

  /** y = W x + b, [F] to [outFeatures]. Weights are [outFeatures, F]. */
  record Linear(int outFeatures, boolean bias) implements OperationSpec {
    public Linear {
      Attributes.require(outFeatures, "outFeatures", 1, Attributes.MAX_FEATURES);
    }

    @Override
    public String type() {
      return "linear";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("outFeatures", outFeatures, "bias", bias));
    }
  }

  /** y = max(0, x). */
  record Relu() implements OperationSpec {
    @Override
    public String type() {
      return "relu";
    }
  }

  /** y = x where x &gt; 0, else negativeSlope * x; the slope is in [0, 1), by default 0.01. */
  record LeakyRelu(float negativeSlope) implements OperationSpec {
    public LeakyRelu {
      Attributes.requireFraction(negativeSlope, "negativeSlope");
    }

    @Override
    public String type() {
      return "leakyRelu";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("negativeSlope", negativeSlope));
    }
  }

  /**
   * The largest of each window, [C, H, W] to [C, H', W']; H' as for {@link Conv2d}.
   *
   * @param stride by default the kernel
   * @param padding on each side, at most half the kernel; it is never the largest
   */
  record MaxPool2d(Size2d kernel, Size2d stride, Size2d padding) implements OperationSpec {
    public MaxPool2d {
      Attributes.requirePool(kernel, stride, padding);
    }

    /** A square window that moves by its own size. */
    public static MaxPool2d of(int kernel) {
      return new MaxPool2d(Size2d.square(kernel), Size2d.square(kernel), Size2d.square(0));
    }

    @Override
    public String type() {
      return "maxPool2d";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("kernel", kernel, "stride", stride, "padding", padding));
    }
  }

  /**
   * The mean of each window, [C, H, W] to [C, H', W']; H' as for {@link Conv2d}. Padding counts as
   * zeros in the mean (PyTorch's {@code count_include_pad}).
   *
   * @param stride by default the kernel
   * @param padding on each side, at most half the kernel
   */
  record AveragePool2d(Size2d kernel, Size2d stride, Size2d padding) implements OperationSpec {
    public AveragePool2d {
      Attributes.requirePool(kernel, stride, padding);
    }

    /** A square window that moves by its own size. */
    public static AveragePool2d of(int kernel) {
      return new AveragePool2d(Size2d.square(kernel), Size2d.square(kernel), Size2d.square(0));
    }

    @Override
    public String type() {
      return "averagePool2d";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("kernel", kernel, "stride", stride, "padding", padding));
    }
  }

  /** The mean of each channel, [C, H, W] to [C]. */
  record GlobalAveragePool() implements OperationSpec {
    @Override
    public String type() {
      return "globalAveragePool";
    }
  }

  /**
   * Batch normalisation of [C, H, W] over images, height and width, with a learned weight and bias
   * per channel: y = weight * (x - mean) / sqrt(variance + epsilon) + bias. Training takes the
   * minibatch's biased variance; evaluation takes the running statistics, which move by running =
   * (1 - momentum) * running + momentum * batch with the unbiased variance.
   *
   * @param epsilon greater than 0, by default 1e-5
   * @param momentum in (0, 1], by default 0.1
   */
  record BatchNorm2d(float epsilon, float momentum) implements OperationSpec {
    public BatchNorm2d {
      if (!(epsilon > 0 && epsilon <= 1)) {
        throw SpecException.of("epsilon", "a number in (0, 1]", epsilon);
      }
      if (!(momentum > 0 && momentum <= 1)) {
        throw SpecException.of("momentum", "a number in (0, 1]", momentum);
      }
    }

    /** PyTorch's defaults. */
    public static BatchNorm2d withDefaults() {
      return new BatchNorm2d(1e-5f, 0.1f);
    }

    @Override
    public String type() {
      return "batchNorm2d";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("epsilon", epsilon, "momentum", momentum));
    }
  }

  /**
   * In training, zeroes each element with {@code probability} (in [0, 1), by default 0.5) and
   * multiplies the others by 1 / (1 - probability); in evaluation, nothing.
   */
  record Dropout(float probability) implements OperationSpec {
    public Dropout {
      Attributes.requireFraction(probability, "probability");
    }

    @Override
    public String type() {
      return "dropout";
    }

    @Override
    public SortedMap<String, String> attributes() {
      return Attributes.of(Map.of("probability", probability));
    }
  }

  /** All elements in one row, channels outermost: [C, H, W] to [C*H*W]. */
  record Flatten() implements OperationSpec {
    @Override
    public String type() {
      return "flatten";
    }
  }

  /** The sum of two or more inputs of one shape: a residual connection. */
  record Add() implements OperationSpec {
    @Override
    public String type() {
      return "add";
    }
  }

  /**
   * Two or more inputs side by side along the channels, [Ci, H, W] to [sum of Ci, H, W], or along
   * the features, [Fi] to [sum of Fi].
   */
  record Concat() implements OperationSpec {
    @Override
    public String type() {
      return "concat";
    }
  }
}
