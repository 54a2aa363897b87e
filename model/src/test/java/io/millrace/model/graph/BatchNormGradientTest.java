package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Batch norm in training, where the statistics depend on every sample. */
class BatchNormGradientTest extends GradientContract {
  private static final float EPSILON = 1e-5f;

  @Override
  List<OperationCase> cases() {
    return List.of(
        norm(5, 3, 2, 2),
        norm(1, 2, 3, 4),
        norm(9, 17, 1, 2),
        norm(12, 1, 1, 1),
        joined(5, 3, 2, 2, true, true),
        joined(9, 17, 1, 2, true, false),
        joined(3, 16, 2, 1, false, true),
        frozen(5, 3, 2, 2, false, false),
        frozen(9, 17, 1, 2, true, true));
  }

  /** With weight, bias and statistics that stay, it is a scale and a shift for each channel. */
  private static OperationCase frozen(
      int batch, int c, int h, int w, boolean shortcut, boolean relu) {
    Tensor mean = Tensor.zeros(Shape.of(c));
    Tensor variance = Tensor.zeros(Shape.of(c));
    Parameter weight = new Parameter("weight", Shape.of(c), true);
    Parameter bias = new Parameter("bias", Shape.of(c), true);
    for (int i = 0; i < c; i++) {
      mean.data()[i] = 0.1f * (i % 3) - 0.1f;
      variance.data()[i] = 0.5f + 0.25f * (i % 4);
      weight.tensor().data()[i] = i % 2 == 0 ? 0.75f : -1.25f;
      bias.tensor().data()[i] = 0.3f - 0.2f * (i % 3);
    }
    List<OperationCase.Argument> arguments = new ArrayList<>(List.of(input("x", c, h, w)));
    if (shortcut) {
      arguments.add(input("shortcut", c, h, w));
    }
    return new OperationCase(
        "frozen batch norm %dx%dx%d%s%s"
            .formatted(c, h, w, shortcut ? " and shortcut" : "", relu ? " and relu" : ""),
        batch,
        arguments,
        OperationCase.Fill.ANY,
        false,
        nodes ->
            new BatchNorm2d(
                "bn",
                nodes.get(0),
                copy(weight),
                copy(bias),
                mean,
                variance,
                EPSILON,
                0.1f,
                shortcut ? nodes.get(1) : null,
                relu),
        values -> {
          double[] y = new double[values[0].length];
          for (int i = 0; i < y.length; i++) {
            int channel = i / (h * w) % c;
            y[i] =
                weight.tensor().data()[channel]
                        * (values[0][i] - mean.data()[channel])
                        / Math.sqrt(variance.data()[channel] + EPSILON)
                    + bias.tensor().data()[channel];
          }
          double[] sum = shortcut ? References.add(y, values[1]) : y;
          return relu ? References.leakyRelu(0, sum) : sum;
        });
  }

  /** A node is of one graph only. */
  private static Parameter copy(Parameter parameter) {
    Parameter copy = new Parameter(parameter.name(), parameter.shape(), true);
    System.arraycopy(
        parameter.tensor().data(), 0, copy.tensor().data(), 0, copy.tensor().data().length);
    return copy;
  }

  private static OperationCase norm(int batch, int c, int h, int w) {
    return joined(batch, c, h, w, false, false);
  }

  private static OperationCase joined(
      int batch, int c, int h, int w, boolean shortcut, boolean relu) {
    List<OperationCase.Argument> arguments =
        new ArrayList<>(List.of(input("x", c, h, w), parameter("weight", c), parameter("bias", c)));
    if (shortcut) {
      arguments.add(input("shortcut", c, h, w));
    }
    return new OperationCase(
        "batch norm %dx%dx%d%s%s"
            .formatted(c, h, w, shortcut ? " and shortcut" : "", relu ? " and relu" : ""),
        batch,
        arguments,
        OperationCase.Fill.ANY,
        false,
        nodes ->
            new BatchNorm2d(
                "bn",
                nodes.get(0),
                (Parameter) nodes.get(1),
                (Parameter) nodes.get(2),
                Tensor.zeros(Shape.of(c)),
                Tensor.zeros(Shape.of(c)),
                EPSILON,
                0.1f,
                shortcut ? nodes.get(3) : null,
                relu),
        values -> {
          double[] y = References.batchNorm(c, h * w, EPSILON, values[0], values[1], values[2]);
          double[] sum = shortcut ? References.add(y, values[3]) : y;
          return relu ? References.leakyRelu(0, sum) : sum;
        });
  }
}
