package io.millrace.model.inspection;

import io.millrace.model.tensor.Shape;

/**
 * What a layer computes of a few images when it predicts. Layers that are computed as one have one
 * of these, under the first one's name.
 *
 * @param shape of one image's value: [C, H, W] or [F]
 * @param zeros the share of values that is 0, 0 to 1: of a ReLU's, those that it holds back
 */
public record ActivationStatistics(
    String layer,
    Shape shape,
    double mean,
    double standardDeviation,
    double zeros,
    Histogram values) {

  static ActivationStatistics of(String layer, Shape shape, float[] values, int count) {
    double sum = 0;
    double squares = 0;
    int zeros = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
      squares += (double) values[i] * values[i];
      zeros += values[i] == 0 ? 1 : 0;
    }
    double mean = sum / count;
    double variance = Math.max(0, squares / count - mean * mean);
    return new ActivationStatistics(
        layer,
        shape,
        mean,
        Math.sqrt(variance),
        (double) zeros / count,
        Histogram.of(values, count));
  }
}
