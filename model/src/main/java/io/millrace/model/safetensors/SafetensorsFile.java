package io.millrace.model.safetensors;

import io.millrace.model.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a safetensors file holds.
 *
 * @param metadata free text by key; empty where there is none
 * @param tensors by name, in the order of their bytes
 */
public record SafetensorsFile(Map<String, String> metadata, Map<String, Tensor> tensors) {
  public SafetensorsFile {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /**
   * One tensor.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor " + name + ": expected one of " + tensors.keySet());
    }
    return tensor;
  }
}
