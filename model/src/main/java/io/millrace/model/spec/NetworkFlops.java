package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;
import java.util.Map;

/**
 * Floating-point operations of one image's forward pass in evaluation. A multiply-add counts as two
 * and starts from the bias, which so costs nothing; additions, multiplications and comparisons of
 * the other layers count as one each. Dropout, flatten and concat are free.
 */
public final class NetworkFlops {
  private NetworkFlops() {}

  /** The sum over all layers. */
  public static long forward(NetworkSpec network) {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    long flops = 0;
    for (NodeSpec node : network.nodes()) {
      flops += forward(node, shapes);
    }
    return flops;
  }

  /** Those of one layer, given what {@link NetworkShapes#infer(NetworkSpec)} gave. */
  public static long forward(NodeSpec node, Map<String, Shape> shapes) {
    long x = NetworkShapes.inputsOf(node, shapes).getFirst().elements();
    Shape output = NetworkShapes.outputOf(node, shapes);
    long y = output.elements();
    return switch (node.operation()) {
      case OperationSpec.Conv2d _ -> 2 * weights(node, shapes) * (y / output.extent(0));
      case OperationSpec.Linear _ -> 2 * weights(node, shapes);
      case OperationSpec.BatchNorm2d _ -> 2 * y;
      case OperationSpec.MaxPool2d pool -> (area(pool.kernel()) - 1) * y;
      case OperationSpec.AveragePool2d pool -> area(pool.kernel()) * y;
      case OperationSpec.GlobalAveragePool _ -> x;
      case OperationSpec.Relu _, OperationSpec.LeakyRelu _ -> y;
      case OperationSpec.Add _ -> (node.inputs().size() - 1) * y;
      case OperationSpec.Dropout _, OperationSpec.Flatten _, OperationSpec.Concat _ -> 0;
    };
  }

  private static long weights(NodeSpec node, Map<String, Shape> shapes) {
    return NetworkParameters.of(node, NetworkShapes.inputsOf(node, shapes))
        .getFirst()
        .shape()
        .elements();
  }

  private static long area(Size2d kernel) {
    return (long) kernel.height() * kernel.width();
  }
}
