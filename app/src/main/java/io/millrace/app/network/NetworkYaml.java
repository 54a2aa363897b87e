package io.millrace.app.network;

import io.millrace.app.yaml.ConfigException;
import io.millrace.app.yaml.ConfigReader;
import io.millrace.app.yaml.Location;
import io.millrace.app.yaml.Section;
import io.millrace.app.yaml.Suggestions;
import io.millrace.app.yaml.YamlFile;
import io.millrace.app.yaml.YamlNode;
import io.millrace.app.yaml.YamlNode.YamlEntry;
import io.millrace.app.yaml.YamlNode.YamlList;
import io.millrace.app.yaml.YamlNode.YamlMapping;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.NodeSpec;
import io.millrace.model.spec.SpecException;
import io.millrace.model.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a network from a file:
 *
 * <pre>{@code
 * name: tiny
 * input: {channels: 1, height: 28, width: 28}
 * loss: softmaxCrossEntropy
 * layers:
 *   - conv1: {type: conv2d, outChannels: 6, kernel: 5, padding: 2}
 *   - relu1: relu
 *   - conv2: {type: conv2d, outChannels: 6, kernel: [3, 5], padding: [1, 2]}
 *   - sum: {type: add, inputs: [conv2, relu1]}
 *   - flatten: flatten
 *   - fc: {type: linear, outFeatures: 10}
 * }</pre>
 *
 * <p>A layer takes what the layer before it gives, unless {@code inputs} names others; {@code
 * input} is the network's input. A layer without attributes may be written as its type alone.
 */
public final class NetworkYaml {
  private static final String LAYERS = "layers";
  private static final List<String> KEYS = List.of("name", "input", "loss", LAYERS);
  private static final int MAX_EXTENT = 1 << 16;

  private final Map<String, LayerYaml> layers = new LinkedHashMap<>();

  private NetworkYaml() {}

  /**
   * Reads a file.
   *
   * @throws ConfigException with file, line and column of the layer, attribute or input at fault
   */
  public static NetworkSpec load(Path file) {
    return new NetworkYaml().network(YamlFile.load(file));
  }

  /**
   * The same for a text at hand.
   *
   * @param name what messages call it
   */
  public static NetworkSpec parse(String name, String text) {
    return new NetworkYaml().network(YamlFile.parse(name, text));
  }

  private NetworkSpec network(YamlMapping mapping) {
    ConfigReader reader = ConfigReader.of(header(mapping), List.of());
    Section root = reader.root();
    String name = root.string("name", "Names the model in topics and snapshots");
    Section input = root.section("input", "The shape of one image");
    int channels = input.integer("channels", 1, MAX_EXTENT, "Channels");
    int height = input.integer("height", 1, MAX_EXTENT, "Rows");
    int width = input.integer("width", 1, MAX_EXTENT, "Columns");
    LossSpec loss = root.choice("loss", LossSpec.SOFTMAX_CROSS_ENTROPY, "What training minimises");
    reader.finish();
    Shape shape = input.build(() -> Shape.of(channels, height, width));
    items(mapping).forEach(this::add);
    List<NodeSpec> nodes = new ArrayList<>();
    String previous = NetworkSpec.INPUT;
    for (LayerYaml layer : layers.values()) {
      nodes.add(layer.node(previous, layers));
      previous = layer.name();
    }
    try {
      return new NetworkSpec(name, shape, nodes, loss);
    } catch (SpecException e) {
      throw new ConfigException(locate(e, mapping), String.valueOf(e.getMessage()));
    }
  }

  /** The keys that are settings like any others; layers have a form of their own. */
  private static YamlMapping header(YamlMapping mapping) {
    Map<String, YamlEntry> header = new LinkedHashMap<>(mapping.entries());
    header.forEach((key, entry) -> {
      if (!KEYS.contains(key)) {
        throw new ConfigException(
            entry.location(), key, "unknown key" + Suggestions.hint(key, KEYS));
      }
    });
    header.remove(LAYERS);
    return new YamlMapping(mapping.location(), header);
  }

  private static List<YamlNode> items(YamlMapping mapping) {
    YamlNode layers = mapping.get(LAYERS);
    if (layers instanceof YamlList list) {
      return list.items();
    }
    throw layers == null
        ? new ConfigException(mapping.location(), LAYERS, "missing; expected a list of layers")
        : new ConfigException(
            layers.location(), LAYERS, "expected a list of layers, got " + layers.describe());
  }

  private void add(YamlNode item) {
    LayerYaml layer = LayerYaml.of(item, layers.size());
    LayerYaml earlier = layers.putIfAbsent(layer.name(), layer);
    if (earlier != null) {
      throw layer.mistake(
          layer.location(),
          "a layer of this name stands at " + earlier.location() + "; rename one of the two");
    }
  }

  /** The place of what a specification complains about. */
  private Location locate(SpecException e, YamlMapping root) {
    String attribute = e.attribute().orElse("");
    LayerYaml layer = layers.get(e.layer().orElse(""));
    if (layer != null) {
      return layer.locationOf(attribute);
    }
    YamlNode value = root.get(attribute);
    return value == null ? root.location() : value.location();
  }
}
