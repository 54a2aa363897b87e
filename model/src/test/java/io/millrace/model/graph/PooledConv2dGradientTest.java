package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import io.millrace.model.kernel.Conv2dShape;
import io.millrace.model.kernel.Pool2dShape;
import java.util.ArrayList;
import java.util.List;

class PooledConv2dGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    Conv2dShape padded = new Conv2dShape(2, 4, 5, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1);
    Conv2dShape plain = new Conv2dShape(3, 6, 5, 2, 3, 2, 1, 1, 0, 0, 1, 1, 1);
    Conv2dShape strided = new Conv2dShape(1, 9, 8, 4, 2, 3, 2, 1, 0, 1, 1, 1, 1);
    return List.of(
        pooled("padded", 3, padded, new Pool2dShape(3, 4, 5, 2, 2, 2, 2, 0, 0), true, true),
        pooled("without relu", 9, plain, new Pool2dShape(2, 4, 4, 2, 2, 2, 2, 0, 0), true, false),
        pooled(
            "without bias", 2, strided, new Pool2dShape(4, 4, 8, 2, 3, 2, 3, 0, 0), false, true));
  }

  private static OperationCase pooled(
      String name, int batch, Conv2dShape s, Pool2dShape pool, boolean bias, boolean relu) {
    List<OperationCase.Argument> arguments = new ArrayList<>();
    arguments.add(input("x", s.ic(), s.ih(), s.iw()));
    arguments.add(parameter("weight", s.oc(), s.ic(), s.kh(), s.kw()));
    if (bias) {
      arguments.add(parameter("bias", s.oc()));
    }
    return new OperationCase(
        "pooled conv2d " + name,
        batch,
        arguments,
        OperationCase.Fill.ANY,
        false,
        nodes ->
            new PooledConv2d(
                "conv",
                nodes.get(0),
                (Parameter) nodes.get(1),
                bias ? (Parameter) nodes.get(2) : null,
                s,
                pool,
                relu),
        values -> {
          double[] y = References.conv2d(s, values[0], values[1], bias ? values[2] : null);
          double[] largest = References.maxPool(pool, y);
          return relu ? References.leakyRelu(0, largest) : largest;
        });
  }
}
