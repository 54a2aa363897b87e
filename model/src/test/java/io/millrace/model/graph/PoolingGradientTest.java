package io.millrace.model.graph;

import static io.millrace.model.graph.OperationCase.Argument.input;

import io.millrace.model.kernel.Pool2dShape;
import java.util.List;

class PoolingGradientTest extends GradientContract {
  @Override
  List<OperationCase> cases() {
    return List.of(
        // c, ih, iw, kh, kw, sh, sw, ph, pw
        max("halving", 3, new Pool2dShape(5, 4, 6, 2, 2, 2, 2, 0, 0)),
        max("overlapping", 2, new Pool2dShape(9, 5, 5, 3, 3, 2, 2, 1, 1)),
        max("leaving a rest", 9, new Pool2dShape(2, 5, 7, 2, 3, 2, 3, 0, 0)),
        max("oblong", 1, new Pool2dShape(8, 3, 5, 2, 3, 1, 2, 1, 0)),
        average("halving", 3, new Pool2dShape(5, 4, 6, 2, 2, 2, 2, 0, 0), true),
        average("overlapping", 2, new Pool2dShape(9, 5, 5, 3, 3, 2, 2, 1, 1), false),
        average("oblong", 9, new Pool2dShape(8, 3, 5, 1, 4, 1, 1, 0, 2), true),
        global(2, 7, 3, 5, false),
        global(10, 16, 2, 4, true),
        global(1, 1, 1, 1, true));
  }

  private static OperationCase max(String name, int batch, Pool2dShape shape) {
    return new OperationCase(
        "max pool " + name,
        batch,
        List.of(input("x", shape.c(), shape.ih(), shape.iw())),
        OperationCase.Fill.DISTINCT,
        false,
        nodes -> new MaxPool2d("pool", nodes.get(0), shape),
        values -> References.maxPool(shape, values[0]));
  }

  private static OperationCase average(
      String name, int batch, Pool2dShape shape, boolean powerOfTwo) {
    return new OperationCase(
        "average pool " + name,
        batch,
        List.of(input("x", shape.c(), shape.ih(), shape.iw())),
        OperationCase.Fill.ANY,
        powerOfTwo,
        nodes -> new AveragePool2d("pool", nodes.get(0), shape),
        values -> References.averagePool(shape, values[0]));
  }

  private static OperationCase global(int batch, int c, int h, int w, boolean powerOfTwo) {
    Pool2dShape whole = new Pool2dShape(c, h, w, h, w, 1, 1, 0, 0);
    return new OperationCase(
        "global average pool " + c + "x" + h + "x" + w,
        batch,
        List.of(input("x", c, h, w)),
        OperationCase.Fill.ANY,
        powerOfTwo,
        nodes -> AveragePool2d.global("pool", nodes.get(0)),
        values -> References.averagePool(whole, values[0]));
  }
}
