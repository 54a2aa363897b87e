package io.millrace.model.network;

import io.millrace.model.graph.Input;
import io.millrace.model.graph.Operation;
import io.millrace.model.graph.Parameter;
import io.millrace.model.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a network, not yet in a graph.
 *
 * @param input the images, [C, H, W] each
 * @param scores one number for each class: what the loss takes
 * @param parameters in the order of the layers; weight before bias
 * @param buffers batch norm's running statistics by name, in the order of the layers; mean before
 *     variance
 */
public record Network(
    Input input, Operation scores, List<Parameter> parameters, Map<String, Tensor> buffers) {
  public Network {
    parameters = List.copyOf(parameters);
    buffers = Collections.unmodifiableMap(new LinkedHashMap<>(buffers));
  }

  /** The live tensors of all parameters, then of all buffers, by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      tensors.put(parameter.name(), parameter.tensor());
    }
    tensors.putAll(buffers);
    return Collections.unmodifiableMap(tensors);
  }

  /**
   * The live tensor of a parameter or buffer.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public Tensor tensor(String name) {
    Tensor tensor = tensors().get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "tensor " + name + ": expected one of " + tensors().keySet());
    }
    return tensor;
  }
}
