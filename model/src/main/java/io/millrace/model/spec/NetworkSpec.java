package io.millrace.model.spec;

import io.millrace.model.tensor.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A network as data: a directed graph without cycles, written so that every layer stands after
 * those it takes. The last layer is the output. A value of this type is whole: names, order and
 * shapes were checked.
 *
 * @param name names the model in topics and snapshot keys
 * @param input the shape of one image, [C, H, W]
 */
public record NetworkSpec(String name, Shape input, List<NodeSpec> nodes, LossSpec loss) {
  /** What layers call the network's input. */
  public static final String INPUT = "input";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /**
   * @throws SpecException naming the layer and attribute at fault
   */
  public NetworkSpec {
    nodes = List.copyOf(nodes);
    if (!NAME.matcher(name).matches()) {
      throw SpecException.of(
          "name", "at most 100 letters, digits, '.', '_' and '-', a letter or digit first", name);
    }
    if (input.rank() != 3) {
      throw SpecException.of("input", "channels, height and width", input);
    }
    if (nodes.isEmpty()) {
      throw new SpecException(null, "layers", "expected at least one layer, got none");
    }
    requireOrder(nodes);
    requireUse(nodes);
    requireClasses(nodes.getLast(), NetworkShapes.infer(input, nodes));
  }

  /** The name of the last layer. */
  public String output() {
    return nodes.getLast().name();
  }

  /** The number of classes, which is the number of outputs. */
  public int classes() {
    return NetworkShapes.outputOf(nodes.getLast(), NetworkShapes.infer(this)).extent(0);
  }

  /**
   * The same text for the same network, one line per layer; attributes are sorted and defaults
   * spelled out.
   */
  public String canonicalText() {
    StringBuilder text = new StringBuilder();
    text.append("network ").append(name).append('\n');
    text.append("input ").append(input).append('\n');
    for (NodeSpec node : nodes) {
      text.append(node.name()).append(" = ").append(node.operation().type());
      text.append(node.inputs()).append(node.operation().attributes()).append('\n');
    }
    return text.append("loss ").append(loss.text()).append('\n').toString();
  }

  /**
   * SHA-256 of {@link #canonicalText()} in hexadecimal: state and snapshots carry it, so that
   * weights are never loaded into another network.
   */
  public String fingerprint() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha256.digest(canonicalText().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void requireOrder(List<NodeSpec> nodes) {
    Set<String> all = new HashSet<>();
    nodes.forEach(node -> all.add(node.name()));
    Set<String> before = new HashSet<>(Set.of(INPUT));
    for (NodeSpec node : nodes) {
      for (String input : node.inputs()) {
        if (!before.contains(input)) {
          String problem =
              all.contains(input)
                  ? " does not stand before this layer; order the layers so that each takes only"
                      + " earlier ones (a cycle cannot be ordered)"
                  : " is no layer; expected one of the layers before this one";
          throw new SpecException(node.name(), "inputs", input + problem);
        }
      }
      if (!before.add(node.name())) {
        throw new SpecException(
            node.name(), null, "a layer of this name stands before; rename one of the two");
      }
    }
  }

  private static void requireUse(List<NodeSpec> nodes) {
    Set<String> used = new HashSet<>(Set.of(nodes.getLast().name()));
    nodes.forEach(node -> used.addAll(node.inputs()));
    for (NodeSpec node : nodes) {
      if (!used.contains(node.name())) {
        throw new SpecException(
            node.name(),
            null,
            "no layer takes its output and it is not the last; name it in the inputs of a later"
                + " layer, or remove it");
      }
    }
  }

  private static void requireClasses(NodeSpec last, Map<String, Shape> shapes) {
    Shape output = NetworkShapes.outputOf(last, shapes);
    if (output.rank() != 1 || output.extent(0) < 2) {
      throw new SpecException(
          last.name(),
          null,
          "expected the last layer to give one row of two or more classes per image, got "
              + output
              + "; end with a linear layer");
    }
  }
}
