package io.millrace.model.training;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Layers that do not learn.
 *
 * @param names layers by name; a name also stands for all layers that begin with it and a dot, so
 *     that {@code layer1} freezes {@code layer1.0.conv1}
 */
public record FrozenLayers(List<String> names) {
  public FrozenLayers {
    names = List.copyOf(names);
  }

  /** All layers learn. */
  public static FrozenLayers none() {
    return new FrozenLayers(List.of());
  }

  /**
   * The parameters of the frozen layers, by name.
   *
   * @throws IllegalArgumentException if a name stands for no layer with parameters, or no layer is
   *     left to learn
   */
  Set<String> parameters(NetworkSpec network) {
    List<ParameterSpec> trained =
        NetworkParameters.list(network).stream().filter(p -> p.role().trained()).toList();
    Set<String> layers = new LinkedHashSet<>();
    trained.forEach(parameter -> layers.add(layer(parameter.name())));
    Set<String> frozen = new LinkedHashSet<>();
    for (String name : names) {
      if (layers.stream().noneMatch(layer -> covers(name, layer))) {
        throw new IllegalArgumentException(
            "freeze: expected layers of network "
                + network.name()
                + " or what they begin with, "
                + layers
                + ", got "
                + name);
      }
      trained.stream()
          .map(ParameterSpec::name)
          .filter(parameter -> covers(name, layer(parameter)))
          .forEach(frozen::add);
    }
    if (frozen.size() == trained.size()) {
      throw new IllegalArgumentException(
          "freeze: expected a layer that is left to learn, got all of network "
              + network.name()
              + ": "
              + names);
    }
    return frozen;
  }

  private static boolean covers(String name, String layer) {
    return layer.equals(name) || layer.startsWith(name + ".");
  }

  /** The layer of a tensor: its name up to the last dot. */
  static String layer(String tensor) {
    return tensor.substring(0, tensor.lastIndexOf('.'));
  }
}
