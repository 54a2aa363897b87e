package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;

import java.util.List;

class LossGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    return List.of(
        crossEntropy(1, 2),
        crossEntropy(11, 10),
        crossEntropy(3, 33),
        squaredError(1, 2),
        squaredError(11, 10));
  }

  private static OperationCase crossEntropy(int batch, int classes) {
    return new OperationCase(
        "softmax cross entropy of " + classes,
        batch,
        List.of(input("scores", classes)),
        OperationCase.Fill.ANY,
        false,
        nodes -> new SoftmaxCrossEntropy("loss", nodes.get(0)),
        values -> References.softmaxCrossEntropy(classes, values[0]));
  }

  private static OperationCase squaredError(int batch, int classes) {
    return new OperationCase(
        "squared error of " + classes,
        batch,
        List.of(input("scores", classes)),
        OperationCase.Fill.ANY,
        false,
        nodes -> new SquaredError("loss", nodes.get(0)),
        values -> References.squaredError(classes, values[0]));
  }
}
