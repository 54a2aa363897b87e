package io.millrace.serving;

import io.millrace.SnapshotNetwork;
import io.millrace.SnapshotNode;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.SpecException;
import io.millrace.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** A network as the manifest carries it, back to the specification that builds it. */
public final class NetworkSpecs {
  private NetworkSpecs() {}

  /**
   * The network of a manifest.
   *
   * @throws SpecException naming the layer and attribute, if it is no network that this version can
   *     build
   * @throws IllegalArgumentException if the input is no shape
   */
  public static NetworkSpec fromManifest(SnapshotNetwork network) {
    List<NodeSpec> nodes = new ArrayList<>();
    for (SnapshotNode node : network.getNodes()) {
      nodes.add(new NodeSpec(node.getName(), operation(node), node.getInputs()));
    }
    int[] input = network.getInput().stream().mapToInt(Integer::intValue).toArray();
    return new NetworkSpec(
        network.getName(), Shape.of(input), nodes, LossSpec.parse(network.getLoss()));
  }

  private static OperationSpec operation(SnapshotNode node) {
    try {
      return OperationSpec.parse(node.getOperation(), node.getAttributes());
    } catch (SpecException e) {
      SpecException located =
          new SpecException(node.getName(), e.attribute().orElse(null), e.detail());
      located.initCause(e);
      throw located;
    }
  }
}
