package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import java.util.List;

class LinearGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    return List.of(
        withBias(1, 1, 1),
        withBias(4, 5, 3),
        withBias(17, 8, 10),
        withBias(9, 33, 17),
        new OperationCase(
            "linear without bias",
            3,
            List.of(input("x", 7), parameter("weight", 9, 7)),
            OperationCase.Fill.ANY,
            true,
            nodes -> new Linear("fc", nodes.get(0), (Parameter) nodes.get(1), null),
            values -> References.linear(7, 9, values[0], values[1], null)));
  }

  private static OperationCase withBias(int batch, int in, int out) {
    return new OperationCase(
        "linear in" + in + "out" + out,
        batch,
        List.of(input("x", in), parameter("weight", out, in), parameter("bias", out)),
        OperationCase.Fill.ANY,
        true,
        nodes -> new Linear("fc", nodes.get(0), (Parameter) nodes.get(1), (Parameter) nodes.get(2)),
        values -> References.linear(in, out, values[0], values[1], values[2]));
  }
}
