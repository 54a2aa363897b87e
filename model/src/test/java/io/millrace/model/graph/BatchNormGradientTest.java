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
        joined(3, 16, 2, 1, false, true));
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
