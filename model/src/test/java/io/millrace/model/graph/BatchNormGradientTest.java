package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.List;

/** Batch norm in training, where the statistics depend on every sample. */
class BatchNormGradientTest extends GradientContract {
  private static final float EPSILON = 1e-5f;

  @Override
  List<OperationCase> cases() {
    return List.of(norm(5, 3, 2, 2), norm(1, 2, 3, 4), norm(9, 17, 1, 2), norm(12, 1, 1, 1));
  }

  private static OperationCase norm(int batch, int c, int h, int w) {
    return new OperationCase(
        "batch norm " + c + "x" + h + "x" + w,
        batch,
        List.of(input("x", c, h, w), parameter("weight", c), parameter("bias", c)),
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
                0.1f),
        values -> References.batchNorm(c, h * w, EPSILON, values[0], values[1], values[2]));
  }
}
