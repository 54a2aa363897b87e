package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import io.millrace.model.kernel.Conv2dShape;
import java.util.ArrayList;
import java.util.List;

class Conv2dGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    return List.of(
        // ic, ih, iw, oc, kh, kw, sh, sw, ph, pw, dh, dw, groups
        withBias("plain", 2, new Conv2dShape(3, 5, 7, 4, 3, 2, 1, 1, 0, 0, 1, 1, 1)),
        withBias("padded", 9, new Conv2dShape(2, 4, 3, 5, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        withBias("strided", 3, new Conv2dShape(3, 7, 8, 2, 3, 3, 2, 3, 1, 2, 1, 1, 1)),
        withBias("dilated", 2, new Conv2dShape(2, 9, 8, 3, 3, 2, 1, 1, 1, 0, 2, 3, 1)),
        withBias("strided and dilated", 2, new Conv2dShape(2, 9, 9, 3, 3, 3, 2, 2, 2, 2, 2, 2, 1)),
        withBias("grouped", 3, new Conv2dShape(4, 5, 5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 2)),
        withBias("grouped and strided", 2, new Conv2dShape(6, 6, 5, 3, 2, 3, 2, 1, 0, 1, 1, 2, 3)),
        withBias("depthwise", 3, new Conv2dShape(9, 5, 6, 9, 3, 3, 1, 1, 1, 1, 1, 1, 9)),
        withBias("depthwise strided", 2, new Conv2dShape(5, 7, 7, 5, 3, 3, 2, 2, 1, 1, 1, 1, 5)),
        withBias("depth multiplier", 2, new Conv2dShape(3, 5, 5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 3)),
        withBias("groups into fewer", 2, new Conv2dShape(6, 4, 4, 3, 3, 3, 1, 1, 1, 1, 1, 1, 3)),
        withBias("pointwise", 5, new Conv2dShape(7, 3, 3, 17, 1, 1, 1, 1, 0, 0, 1, 1, 1)),
        withBias("pointwise strided", 2, new Conv2dShape(3, 5, 5, 8, 1, 1, 2, 2, 0, 0, 1, 1, 1)),
        withBias(
            "padding wider than image", 2, new Conv2dShape(2, 2, 1, 3, 5, 5, 1, 1, 3, 4, 1, 1, 1)),
        withBias("off the lanes", 1, new Conv2dShape(9, 4, 5, 11, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        withBias("one pixel", 1, new Conv2dShape(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1)),
        withRelu("padded and strided", 9, new Conv2dShape(2, 5, 4, 5, 3, 3, 2, 1, 1, 1, 1, 1, 1)),
        withRelu("few channels", 3, new Conv2dShape(1, 5, 16, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        withRelu("winograd", 2, new Conv2dShape(16, 4, 5, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        inexact("winograd", 2, new Conv2dShape(16, 5, 6, 16, 3, 3, 1, 1, 1, 1, 1, 1, 1)),
        withoutBias("no bias", 2, new Conv2dShape(3, 4, 4, 8, 3, 3, 1, 1, 1, 1, 1, 1, 1)));
  }

  private static OperationCase withBias(String name, int batch, Conv2dShape shape) {
    return convolution(name, batch, shape, true, true, false);
  }

  private static OperationCase withoutBias(String name, int batch, Conv2dShape shape) {
    return convolution(name, batch, shape, false, true, false);
  }

  /** The transform's constants are no integers. */
  private static OperationCase inexact(String name, int batch, Conv2dShape shape) {
    return convolution(name, batch, shape, true, false, false);
  }

  /** Without a bias, whose gradient would be the sums that a ReLU leaves anyway. */
  private static OperationCase withRelu(String name, int batch, Conv2dShape shape) {
    return convolution(name + " and relu", batch, shape, name.contains("few"), false, true);
  }

  private static OperationCase convolution(
      String name, int batch, Conv2dShape s, boolean bias, boolean exact, boolean relu) {
    List<OperationCase.Argument> arguments = new ArrayList<>();
    arguments.add(input("x", s.ic(), s.ih(), s.iw()));
    arguments.add(parameter("weight", s.oc(), s.groupInputs(), s.kh(), s.kw()));
    if (bias) {
      arguments.add(parameter("bias", s.oc()));
    }
    return new OperationCase(
        "conv2d " + name,
        batch,
        arguments,
        OperationCase.Fill.ANY,
        exact,
        nodes ->
            new Conv2d(
                "conv",
                nodes.get(0),
                (Parameter) nodes.get(1),
                bias ? (Parameter) nodes.get(2) : null,
                s,
                relu),
        values -> {
          double[] y = References.conv2d(s, values[0], values[1], bias ? values[2] : null);
          return relu ? References.leakyRelu(0, y) : y;
        });
  }
}
