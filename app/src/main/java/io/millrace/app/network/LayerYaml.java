package io.millrace.app.network;

import io.millrace.app.yaml.ConfigException;
import io.millrace.app.yaml.Location;
import io.millrace.app.yaml.Suggestions;
import io.millrace.app.yaml.YamlNode;
import io.millrace.app.yaml.YamlNode.YamlEntry;
import io.millrace.app.yaml.YamlNode.YamlList;
import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.app.yaml.YamlNode.YamlScalar;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.OperationSpec;
import io.millrace.model.spec.SpecException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One layer as it is written.
 *
 * @param index its place among the layers, from 0
 * @param location of its name
 * @param value its attributes, or its type alone
 */
record LayerYaml(String name, int index, Location location, YamlNode value) {
  private static final String TYPE = "type";
  private static final String INPUTS = "inputs";
  private static final String EXAMPLE = "conv1: {type: conv2d, outChannels: 6, kernel: 5}";

  static LayerYaml of(YamlNode item, int index) {
    if (!(item instanceof YamlMapping mapping)) {
      throw new ConfigException(
          item.location(),
          "layers",
          "expected a layer such as " + EXAMPLE + ", got " + item.describe());
    }
    if (mapping.entries().size() != 1) {
      throw new ConfigException(
          item.location(),
          "layers",
          "expected one layer such as "
              + EXAMPLE
              + ", got the keys "
              + String.join(", ", mapping.entries().keySet())
              + "; indent a layer's attributes below its name");
    }
    Map.Entry<String, YamlEntry> entry = mapping.entries().entrySet().iterator().next();
    YamlNode value = entry.getValue().value();
    LayerYaml layer = new LayerYaml(entry.getKey(), index, entry.getValue().location(), value);
    boolean nothing = value instanceof YamlScalar scalar && scalar.isNothing();
    if (value instanceof YamlList || nothing) {
      throw layer.mistake(
          value.location(),
          "expected a type such as relu, or attributes such as {type: conv2d, outChannels: 6,"
              + " kernel: 5}, got "
              + value.describe());
    }
    return layer;
  }

  /**
   * The layer's specification.
   *
   * @param previous the layer before, which is the default input
   * @param layers all layers of the network by name
   */
  NodeSpec node(String previous, Map<String, LayerYaml> layers) {
    String type = type();
    OperationSpec operation = operation(type);
    List<String> inputs = inputs(operation, previous, layers);
    try {
      return new NodeSpec(name, operation, inputs);
    } catch (SpecException e) {
      throw new ConfigException(
          locationOf(e.attribute().orElse("")), String.valueOf(e.getMessage()));
    }
  }

  /** The place of an attribute's value, or of the layer's name where the attribute is left out. */
  Location locationOf(String attribute) {
    if (value instanceof YamlMapping mapping) {
      YamlNode node = mapping.get(attribute);
      return node == null ? location : node.location();
    }
    return attribute.equals(TYPE) ? value.location() : location;
  }

  ConfigException mistake(Location where, String detail) {
    return new ConfigException(where, "layer " + name, detail);
  }

  private String type() {
    YamlNode type = value instanceof YamlMapping mapping ? mapping.get(TYPE) : value;
    if (type == null) {
      throw mistake(
          location, "type: missing; expected one of " + String.join(", ", OperationSpec.types()));
    }
    String text = text(TYPE, type);
    if (!OperationSpec.types().contains(text)) {
      throw mistake(
          type.location(),
          "type: unknown type " + text + Suggestions.hint(text, OperationSpec.types()));
    }
    return text;
  }

  private OperationSpec operation(String type) {
    Map<String, String> attributes = new LinkedHashMap<>();
    if (value instanceof YamlMapping mapping) {
      List<String> known = new ArrayList<>(List.of(TYPE, INPUTS));
      known.addAll(OperationSpec.attributeNames(type));
      mapping
          .entries()
          .forEach((key, entry) -> {
            if (!known.contains(key)) {
              throw mistake(
                  entry.location(),
                  key + ": unknown attribute of " + type + Suggestions.hint(key, known));
            }
            if (!key.equals(TYPE) && !key.equals(INPUTS)) {
              attributes.put(key, attribute(key, entry.value()));
            }
          });
    }
    try {
      return OperationSpec.parse(type, attributes);
    } catch (SpecException e) {
      throw mistake(locationOf(e.attribute().orElse("")), String.valueOf(e.getMessage()));
    }
  }

  /** A list of two is height and width. */
  private String attribute(String key, YamlNode node) {
    if (node instanceof YamlList list && list.items().size() == 2) {
      return text(key, list.items().get(0)) + "x" + text(key, list.items().get(1));
    }
    return text(key, node);
  }

  private List<String> inputs(
      OperationSpec operation, String previous, Map<String, LayerYaml> layers) {
    YamlNode node = value instanceof YamlMapping mapping ? mapping.get(INPUTS) : null;
    if (node == null) {
      if (NodeSpec.takesSeveral(operation)) {
        throw mistake(
            location,
            "inputs: missing; expected the names of two or more earlier layers, such as [conv1,"
                + " relu2]");
      }
      return List.of(previous);
    }
    List<YamlNode> items = node instanceof YamlList list ? list.items() : List.of(node);
    List<String> inputs = new ArrayList<>();
    for (YamlNode item : items) {
      String input = text(INPUTS, item);
      requireEarlier(input, item.location(), layers);
      inputs.add(input);
    }
    return inputs;
  }

  private void requireEarlier(String input, Location where, Map<String, LayerYaml> layers) {
    if (input.equals(NetworkSpec.INPUT)) {
      return;
    }
    LayerYaml layer = layers.get(input);
    if (layer == null) {
      List<String> earlier = new ArrayList<>(List.of(NetworkSpec.INPUT));
      layers.values().stream()
          .filter(other -> other.index < index)
          .forEach(l -> earlier.add(l.name));
      throw mistake(where, "inputs: " + input + " is no layer" + Suggestions.hint(input, earlier));
    }
    if (layer.index >= index) {
      throw mistake(
          where,
          "inputs: expected an earlier layer, got "
              + (layer.index == index
                  ? "the layer itself"
                  : input + ", which stands later, at " + layer.location)
              + "; layers stand in the order in which they are computed, without cycles");
    }
  }

  private String text(String key, YamlNode node) {
    if (node instanceof YamlScalar scalar && !scalar.isNothing()) {
      return scalar.text();
    }
    throw mistake(node.location(), key + ": expected a value, got " + node.describe());
  }
}
