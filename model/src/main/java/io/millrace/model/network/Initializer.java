package io.millrace.model.network;

import io.millrace.model.math.CounterRandom;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;

/** The values that parameters and buffers start from; each tensor's depend on its name alone. */
public final class Initializer {
  private Initializer() {}

  /** Fills every tensor of a network that was built from {@code spec}. */
  public static void initialize(
      NetworkSpec spec, Network network, InitializationSpec initialization, long seed) {
    for (ParameterSpec parameter : NetworkParameters.list(spec)) {
      initialize(parameter, network.tensor(parameter.name()), initialization, seed);
    }
  }

  /**
   * Fills one tensor: weights are drawn, norm weights and running variances are 1, all others 0.
   */
  static void initialize(
      ParameterSpec parameter, Tensor tensor, InitializationSpec initialization, long seed) {
    switch (parameter.role()) {
      case WEIGHT -> draw(parameter, tensor, initialization, seed);
      case NORM_WEIGHT, RUNNING_VAR -> Arrays.fill(tensor.data(), 1);
      case BIAS, NORM_BIAS, RUNNING_MEAN -> Arrays.fill(tensor.data(), 0);
    }
  }

  private static void draw(
      ParameterSpec parameter, Tensor tensor, InitializationSpec initialization, long seed) {
    int site = Sites.initialization(parameter.name());
    double scale = initialization.scale(tensor.shape());
    float[] weight = tensor.data();
    for (int i = 0; i < weight.length; i++) {
      weight[i] =
          switch (initialization.distribution()) {
            case NORMAL -> (float) (scale * CounterRandom.gaussian(seed, 0, site, i));
            case UNIFORM ->
                (float) (scale * (2 * (double) CounterRandom.uniform(seed, 0, site, i) - 1));
          };
    }
  }
}
