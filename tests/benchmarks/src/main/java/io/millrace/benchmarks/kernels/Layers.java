package io.millrace.benchmarks.kernels;

import io.millrace.benchmarks.kernels.Layer.Convolution;
import io.millrace.benchmarks.kernels.Layer.FullyConnected;
import io.millrace.model.kernel.Conv2dShape;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The layers that are measured: those of the networks that ship, and a few more. */
final class Layers {
  static final List<Layer> ALL =
      List.of(
          square("lenet5 conv1", 1, 28, 6, 5, 1, 2),
          square("lenet5 conv2", 6, 14, 16, 5, 1, 0),
          square("small-cnn conv1", 1, 28, 32, 3, 1, 1),
          square("small-cnn conv2", 32, 28, 32, 3, 1, 1),
          square("small-cnn conv3", 32, 14, 64, 3, 1, 1),
          square("small-cnn conv4", 64, 14, 64, 3, 1, 1),
          square("resnet20 conv1", 3, 32, 16, 3, 1, 1),
          square("resnet20 layer1", 16, 32, 16, 3, 1, 1),
          square("resnet20 layer2.0.conv1", 16, 32, 32, 3, 2, 1),
          square("resnet20 layer2", 32, 16, 32, 3, 1, 1),
          square("resnet20 layer2.0.downsample", 16, 32, 32, 1, 2, 0),
          square("resnet20 layer3.0.conv1", 32, 16, 64, 3, 2, 1),
          square("resnet20 layer3", 64, 8, 64, 3, 1, 1),
          square("resnet20 layer3.0.downsample", 32, 16, 64, 1, 2, 0),
          new Convolution("depthwise", new Conv2dShape(64, 14, 14, 64, 3, 3, 1, 1, 1, 1, 1, 1, 64)),
          square("pointwise", 64, 14, 64, 1, 1, 0),
          new FullyConnected("lenet5 fc1", 400, 120),
          new FullyConnected("lenet5 fc2", 120, 84),
          new FullyConnected("lenet5 fc3", 84, 10),
          new FullyConnected("small-cnn fc1", 3136, 128),
          new FullyConnected("small-cnn fc2", 128, 10),
          new FullyConnected("resnet20 fc", 64, 10));

  /** One of each kind, for a look of a minute. */
  static final List<String> QUICK =
      List.of(
          "lenet5 conv2",
          "small-cnn conv2",
          "small-cnn conv4",
          "resnet20 layer1",
          "resnet20 layer3.0.conv1",
          "small-cnn fc1");

  private Layers() {}

  /** The layer at {@link Layer#place()}. */
  static Layer at(String place) {
    return ALL.stream()
        .filter(layer -> layer.place().equals(place))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no layer at " + place));
  }

  /**
   * The layers that the options of a command choose.
   *
   * @param text in a place or a shape
   */
  static List<Layer> chosen(boolean quick, String text) {
    return ALL.stream()
        .filter(layer -> !quick || QUICK.contains(layer.place()))
        .filter(layer -> layer.place().contains(text) || layer.shapeName().contains(text))
        .toList();
  }

  /** For when the options choose none. */
  static ParameterException noneChosen(CommandLine command, String text) {
    return new ParameterException(
        command,
        "--layer: expected a part of a place or a shape, as in the table without it, of a layer that"
            + " --algorithm computes in a way of its own, got "
            + text);
  }

  private static Convolution square(
      String place, int ic, int ih, int oc, int kernel, int stride, int padding) {
    return new Convolution(
        place,
        new Conv2dShape(ic, ih, ih, oc, kernel, kernel, stride, stride, padding, padding, 1, 1, 1));
  }
}
