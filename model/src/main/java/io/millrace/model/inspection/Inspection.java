package io.millrace.model.inspection;

import io.millrace.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * One step, seen from inside.
 *
 * @param parameters in the order of the layers, weight before bias
 * @param activations in the order in which the layers are computed
 * @param filters of the first convolution, if the network has one whose filters are not huge
 */
public record Inspection(
    List<ParameterStatistics> parameters,
    List<ActivationStatistics> activations,
    Optional<Filters> filters) {

  public Inspection {
    parameters = List.copyOf(parameters);
    activations = List.copyOf(activations);
  }

  /**
   * A convolution's weights, or its first filters where it has many.
   *
   * @param parameter such as {@code conv1.weight}
   * @param values [OC, IC, KH, KW], a copy
   */
  public record Filters(String parameter, Tensor values) {}
}
