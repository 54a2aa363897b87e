package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;

import java.util.List;

/** ReLU, leaky ReLU and dropout, each with images and with rows. */
class ElementwiseGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    return List.of(
        relu(0, 3, 5, 3, 4),
        relu(0, 11, 17),
        relu(0.01f, 2, 9, 2, 3),
        relu(0.25f, 1, 31),
        dropout(0.5f, true, 3, 5, 3, 4),
        dropout(0.3f, false, 9, 33),
        dropout(0, true, 2, 7));
  }

  private static OperationCase relu(float slope, int batch, int... shape) {
    return new OperationCase(
        "leaky relu " + slope + " of rank " + shape.length,
        batch,
        List.of(input("x", shape)),
        OperationCase.Fill.NOT_ZERO,
        false,
        nodes -> new LeakyRelu("relu", nodes.get(0), slope),
        values -> References.leakyRelu(slope, values[0]));
  }

  private static OperationCase dropout(float probability, boolean exact, int batch, int... shape) {
    int pixels = shape.length == 3 ? shape[1] * shape[2] : 1;
    return new OperationCase(
        "dropout " + probability + " of rank " + shape.length,
        batch,
        List.of(input("x", shape)),
        OperationCase.Fill.ANY,
        exact,
        nodes -> new Dropout("drop", nodes.get(0), probability, OperationCase.SITE),
        values -> References.dropout(probability, shape[0], pixels, values[0]));
  }
}
