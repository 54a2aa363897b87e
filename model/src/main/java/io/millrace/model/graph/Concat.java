package io.millrace.model.graph;

import io.millrace.model.tensor.Shape;
import java.util.List;

/**
 * Two or more values side by side along the channels, [Ci, H, W] to [sum of Ci, H, W], or along the
 * features, [Fi] to [sum of Fi].
 */
public final class Concat extends Operation {
  private final Node[] parts;
  private final boolean[] startsGradient;
  private final int channels;
  private final int pixels;
  private final Pass.RangeTask forwardSamples = this::forwardSamples;
  private final Pass.RangeTask backwardSamples = this::backwardSamples;

  public Concat(String name, List<? extends Node> inputs) {
    super(name, outputShape(name, inputs), inputs);
    parts = inputs.toArray(Node[]::new);
    startsGradient = new boolean[parts.length];
    channels = shape().extent(0);
    pixels = elements() / channels;
  }

  private static Shape outputShape(String name, List<? extends Node> inputs) {
    int[] extents = inputs.getFirst().shape().toArray();
    int total = 0;
    for (Node input : inputs) {
      int[] expected = extents.clone();
      expected[0] = input.shape().extent(0);
      requireShape(name, "input", input.shape(), expected);
      total += expected[0];
    }
    extents[0] = total;
    return Shape.of(extents);
  }

  @Override
  void forward(Program program) {
    program.samples(forwardSamples, values());
    for (Node part : parts) {
      program.use(part.values());
    }
  }

  private void forwardSamples(Pass pass, int shard, int from, int to) {
    int offset = 0;
    for (Node part : parts) {
      int width = part.shape().extent(0);
      for (int row = from * pixels; row < to * pixels; row++) {
        System.arraycopy(part.value(), row * width, value(), row * channels + offset, width);
      }
      offset += width;
    }
  }

  /** dx of each part += its channels of dy. */
  @Override
  void backward(Program program) {
    program.samples(backwardSamples, gradients());
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].needsGradient()) {
        program.use(parts[i].gradients());
        startsGradient[i] = program.startsGradient(parts[i]);
      }
    }
  }

  private void backwardSamples(Pass pass, int shard, int from, int to) {
    int offset = 0;
    for (int i = 0; i < parts.length; i++) {
      Node part = parts[i];
      int width = part.shape().extent(0);
      if (startsGradient[i]) {
        clearGradient(part, from, to);
      }
      if (part.needsGradient()) {
        addRows(part.gradient(), width, offset, from * pixels, to * pixels);
      }
      offset += width;
    }
  }

  private void addRows(float[] dx, int width, int offset, int fromRow, int toRow) {
    float[] dy = gradient();
    for (int row = fromRow; row < toRow; row++) {
      for (int c = 0; c < width; c++) {
        dx[row * width + c] += dy[row * channels + offset + c];
      }
    }
  }
}
