package io.millrace.model.training;

import io.millrace.model.spec.NetworkParameters;
import io.millrace.model.spec.NetworkSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Weights to begin with, matched by name. What is not found among them begins as the initialization
 * says.
 *
 * @param tensors parameters and buffers by name
 * @param strict whether every tensor of the network must be there in its shape, and none beside
 *     them
 * @param replaceHead whether the last layer with weights begins anew, as it must for other classes
 */
public record WarmStart(Map<String, Tensor> tensors, boolean strict, boolean replaceHead) {
  public WarmStart {
    tensors = Map.copyOf(tensors);
  }

  /**
   * What became of each tensor.
   *
   * @param loaded taken over
   * @param replaced the head's, which begin anew
   * @param missing of the network, but not given
   * @param unexpected given, but not of the network
   * @param mismatched of another shape, as text that says which
   */
  public record Report(
      List<String> loaded,
      List<String> replaced,
      List<String> missing,
      List<String> unexpected,
      List<String> mismatched) {
    public Report {
      loaded = List.copyOf(loaded);
      replaced = List.copyOf(replaced);
      missing = List.copyOf(missing);
      unexpected = List.copyOf(unexpected);
      mismatched = List.copyOf(mismatched);
    }

    /** Whether every tensor but the replaced head's was taken over, and none was left. */
    public boolean complete() {
      return missing.isEmpty() && unexpected.isEmpty() && mismatched.isEmpty();
    }

    /** For example {@code 8 tensors loaded; replaced [fc3.weight, fc3.bias]}. */
    @Override
    public String toString() {
      return loaded.size()
          + " tensors loaded"
          + part("replaced", replaced)
          + part("missing", missing)
          + part("unexpected", unexpected)
          + part("of another shape", mismatched);
    }

    private static String part(String what, List<String> names) {
      return names.isEmpty() ? "" : "; " + what + " " + names;
    }
  }

  /**
   * Copies what matches into a learner that has made no step.
   *
   * @throws IllegalArgumentException if nothing matches, or in strict mode not all does; nothing
   *     has changed then
   */
  public Report load(NetworkSpec network, TrainingState state) {
    Report report = match(network);
    if (report.loaded().isEmpty() || (strict && !report.complete())) {
      throw new IllegalArgumentException(
          "warm start: expected "
              + (strict ? "all tensors" : "a tensor")
              + " of network "
              + network.name()
              + (replaceHead ? " but the last layer's" : "")
              + ", got "
              + report
              + (strict ? "; strict: false takes what matches" : ""));
    }
    Map<String, Tensor> own = state.parametersAndBuffers();
    for (String name : report.loaded()) {
      float[] from = required(tensors, name).data();
      System.arraycopy(from, 0, required(own, name).data(), 0, from.length);
    }
    return report;
  }

  /** What {@link #load} would do. */
  public Report match(NetworkSpec network) {
    List<ParameterSpec> expected = NetworkParameters.list(network);
    String head = FrozenLayers.layer(expected.getLast().name());
    List<String> loaded = new ArrayList<>();
    List<String> replaced = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> mismatched = new ArrayList<>();
    List<String> unexpected = new ArrayList<>(tensors.keySet());
    for (ParameterSpec parameter : expected) {
      String name = parameter.name();
      Tensor given = tensors.get(name);
      unexpected.remove(name);
      if (replaceHead && FrozenLayers.layer(name).equals(head)) {
        replaced.add(name);
      } else if (given == null) {
        missing.add(name);
      } else if (!given.shape().equals(parameter.shape())) {
        mismatched.add(name + " " + parameter.shape() + " got " + given.shape());
      } else {
        loaded.add(name);
      }
    }
    unexpected.sort(null);
    return new Report(loaded, replaced, missing, unexpected, mismatched);
  }

  private static Tensor required(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("tensor " + name + ": expected it, got none");
    }
    return tensor;
  }
}
