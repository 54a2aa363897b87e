package io.millrace.app.network;

import io.millrace.app.json.JsonLine;
import io.millrace.model.spec.NetworkFlops;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkShapes;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A network for scripts: a line for each layer, and one for the whole. */
final class NetworkJson {

  private NetworkJson() {}

  static void print(NetworkSpec network, PrintWriter out) {
    Map<String, Shape> shapes = NetworkShapes.infer(network);
    long parameters = 0;
    for (NodeSpec node : network.nodes()) {
      long ofNode = 0;
      for (ParameterSpec p : NetworkParameters.of(node, NetworkShapes.inputsOf(node, shapes))) {
        ofNode += p.role().trained() ? p.shape().elements() : 0;
      }
      parameters += ofNode;
      JsonLine.event("layer")
          .with("name", node.name())
          .with("type", node.operation().type())
          .with("inputs", node.inputs())
          .with("output", extents(NetworkShapes.outputOf(node, shapes)))
          .with("parameters", ofNode)
          .with("flops", NetworkFlops.forward(node, shapes))
          .print(out);
    }
    JsonLine.event("network")
        .with("name", network.name())
        .with("input", extents(network.input()))
        .with("classes", network.classes())
        .with("loss", network.loss().text())
        .with("parameters", parameters)
        .with("flops", NetworkFlops.forward(network))
        .with("fingerprint", network.fingerprint())
        .print(out);
  }

  private static List<Integer> extents(Shape shape) {
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      extents.add(shape.extent(axis));
    }
    return extents;
  }
}
