package io.millrace.model.graph;

import java.util.List;

/** y = x0 + x1 + ... from left to right, of two or more values of one shape. */
public final class Add extends Operation {
  private final Node[] terms;
  private final boolean[] startsGradient;
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
    startsGradient = new boolean[terms.length];
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, values());
    for (Node term : terms) {
      program.use(term.values());
    }
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
  void backward(Program program) {
    program.samples(backwardSamples, gradients());
    for (int i = 0; i < terms.length; i++) {
      if (terms[i].needsGradient()) {
        program.use(terms[i].gradients());
        startsGradient[i] = program.startsGradient(terms[i]);
      }
    }
  }

  private void backwardSamples(Pass pass, int shard, int fromSample, int toSample) {
    int from = fromSample * elements();
    int to = toSample * elements();
    for (int i = 0; i < terms.length; i++) {
      if (startsGradient[i]) {
        System.arraycopy(gradient(), from, terms[i].gradient(), from, to - from);
      } else if (terms[i].needsGradient()) {
        pass.kernels().accumulate(gradient(), terms[i].gradient(), from, to);
      }
    }
  }
}
