package io.millrace.model.graph;

import java.util.List;

/** y = x0 + x1 + ... from left to right, of two or more values of one shape. */
public final class Add extends Operation {
  private final Node[] terms;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;

  public Add(String name, List<? extends Node> inputs) {
    super(name, inputs.getFirst().shape(), inputs);
    if (inputs.size() < 2) {
      throw new IllegalArgumentException(
          "layer " + name + ": expected two or more inputs, got " + inputs);
    }
    for (Node input : inputs) {
      requireShape(name, "input", input.shape(), shape().toArray());
    }
    terms = inputs.toArray(Node[]::new);
  }

  @Override
  void forward(Pass pass) {
    pass.overSamples(forwardSamples);
  }

  private void forwardSamples(Pass pass, int shard, int fromSample, int toSample) {
    int from = fromSample * elements();
    int to = toSample * elements();
    pass.kernels().add(terms[0].value(), terms[1].value(), value(), from, to);
    for (int i = 2; i < terms.length; i++) {
      pass.kernels().accumulate(terms[i].value(), value(), from, to);
    }
  }

  /** dx += dy for every term. */
  @Override
  void backward(Pass pass) {
    pass.overSamples(backwardSamples);
  }

  private void backwardSamples(Pass pass, int shard, int fromSample, int toSample) {
    for (Node term : terms) {
      if (term.needsGradient()) {
        pass.kernels()
            .accumulate(
                gradient(), term.gradient(), fromSample * elements(), toSample * elements());
      }
    }
  }
}
