package io.millrace.model.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The names of values in a graph, where each may stand for one value only: tensors, inputs and
 * outputs have theirs for sure, layers take their own name unless it is taken.
 */
final class ValueNames {
  private final Set<String> taken = new HashSet<>();
  private final Map<String, String> layers = new HashMap<>();

  void reserve(String name) {
    taken.add(name);
  }

  /** Says that the value of {@code layer} is called {@code name}. */
  void bind(String layer, String name) {
    layers.put(layer, name);
  }

  /** The name of a layer's value, the same each time. */
  String of(String layer) {
    return layers.computeIfAbsent(layer, this::fresh);
  }

  /** A name like {@code wanted} that nothing has. */
  String fresh(String wanted) {
    String name = wanted;
    for (int i = 2; !taken.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
