package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;
import static io.millrace.model.graph.OperationCase.Argument.parameter;

import java.util.List;

/** Add, concat and flatten, and values that several operations take. */
class JoiningGradientTest extends GradientContract {
  private static final OperationCase.Fill ANY = OperationCase.Fill.ANY;

  @Override
  List<OperationCase> cases() {
    return List.of(
        add("two images", 3, 5, 3, 2),
        add("two rows", 9, 17),
        new OperationCase(
            "add of three",
            2,
            List.of(input("a", 3, 2, 2), input("b", 3, 2, 2), input("c", 3, 2, 2)),
            ANY,
            true,
            nodes -> new Add("add", nodes),
            values -> References.add(values)),
        new OperationCase(
            "concat of images",
            3,
            List.of(input("a", 1, 2, 3), input("b", 9, 2, 3), input("c", 4, 2, 3)),
            ANY,
            true,
            nodes -> new Concat("concat", nodes),
            values -> References.concat(3, values)),
        new OperationCase(
            "concat of rows",
            10,
            List.of(input("a", 5), input("b", 8)),
            ANY,
            true,
            nodes -> new Concat("concat", nodes),
            values -> References.concat(10, values)),
        flatten(3, 4, 2, 3),
        flatten(2, 1, 3, 3),
        flatten(9, 5, 1, 1),
        valueUsedTwice(),
        residualBlock(),
        sharedWeight());
  }

  private static OperationCase add(String name, int batch, int... shape) {
    return new OperationCase(
        "add of " + name,
        batch,
        List.of(input("a", shape), input("b", shape)),
        ANY,
        true,
        nodes -> new Add("add", nodes),
        values -> References.add(values));
  }

  private static OperationCase flatten(int batch, int... shape) {
    return new OperationCase(
        "flatten of " + shape[0] + "x" + shape[1] + "x" + shape[2],
        batch,
        List.of(input("x", shape)),
        ANY,
        true,
        nodes -> new Flatten("flat", nodes.get(0)),
        values -> values[0].clone());
  }

  private static OperationCase valueUsedTwice() {
    return new OperationCase(
        "a value added to itself and concatenated with itself",
        3,
        List.of(input("x", 3, 2, 2)),
        ANY,
        true,
        nodes -> {
          Node x = nodes.get(0);
          return new Concat("concat", List.of(new Add("add", List.of(x, x, x)), x, x));
        },
        values ->
            References.concat(
                3, References.add(values[0], values[0], values[0]), values[0], values[0]));
  }

  private static OperationCase residualBlock() {
    return new OperationCase(
        "residual around a linear layer and leaky relu",
        4,
        List.of(input("x", 6), parameter("weight", 6, 6), parameter("bias", 6)),
        ANY,
        false,
        nodes -> {
          Node x = nodes.get(0);
          Linear fc = new Linear("fc", x, (Parameter) nodes.get(1), (Parameter) nodes.get(2));
          return new Add("add", List.of(new LeakyRelu("relu", fc, 0.1f), x));
        },
        values ->
            References.add(
                References.leakyRelu(
                    0.1f, References.linear(6, 6, values[0], values[1], values[2])),
                values[0]));
  }

  private static OperationCase sharedWeight() {
    return new OperationCase(
        "one weight in two layers",
        3,
        List.of(input("a", 5), input("b", 5), parameter("weight", 4, 5)),
        ANY,
        true,
        nodes -> {
          Parameter weight = (Parameter) nodes.get(2);
          return new Add(
              "add",
              List.of(
                  new Linear("fc1", nodes.get(0), weight, null),
                  new Linear("fc2", nodes.get(1), weight, null)));
        },
        values ->
            References.add(
                References.linear(5, 4, values[0], values[2], null),
                References.linear(5, 4, values[1], values[2], null)));
  }
}
