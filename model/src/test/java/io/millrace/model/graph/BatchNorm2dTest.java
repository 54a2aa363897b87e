package io.millrace.model.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.Workers;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** Running statistics and evaluation; training's output is under the gradient contract. */
class BatchNorm2dTest {
  private final Tensor runningMean = Tensor.zeros(Shape.of(2));
  private final Tensor runningVariance = new Tensor(Shape.of(2), new float[] {1, 1});
  private final Input x = new Input("x", Shape.of(2, 1, 2));
  private final Parameter weight = new Parameter("weight", Shape.of(2));
  private final Parameter bias = new Parameter("bias", Shape.of(2));
  private final BatchNorm2d norm =
      new BatchNorm2d(
          "bn", x, weight, bias, runningMean, runningVariance, 1e-5f, 0.1f, null, false);

  private void run(boolean training, int samples, float... images) {
    try (Workers workers = new Workers(1)) {
      Pass pass = new Pass(new ScalarKernels(), workers, samples, training, 0);
      Graph graph = new Graph(norm, pass);
      pass.begin(samples, 0);
      x.source(images);
      graph.prepare();
      graph.forward();
      if (training) {
        graph.accept();
      }
    }
  }

  @Test
  void runningStatisticsMoveByATenthTowardsTheMinibatchWithUnbiasedVariance() {
    // Channel 0 holds 1, 2, 3, 6: mean 3, squares 14, unbiased variance 14/3. Channel 1: all 4.
    run(true, 2, 1, 2, 4, 4, 3, 6, 4, 4);
    assertArrayEquals(new float[] {0.3f, 0.4f}, runningMean.data(), 1e-6f);
    assertArrayEquals(
        new float[] {(float) (0.9 + 0.1 * 14 / 3), 0.9f}, runningVariance.data(), 1e-6f);
  }

  @Test
  void evaluationTakesTheRunningStatisticsAndLeavesThem() {
    runningMean.data()[0] = 3;
    runningMean.data()[1] = -1;
    runningVariance.data()[0] = 4;
    runningVariance.data()[1] = 0.25f;
    weight.tensor().data()[0] = 2;
    weight.tensor().data()[1] = 1;
    bias.tensor().data()[0] = 1;
    run(false, 1, 5, 3, -1, 0);
    // Channels-last: (5 - 3) / 2 * 2 + 1 and (-1 + 1) / 0.5; then 1 and (0 + 1) / 0.5.
    float[] y = {norm.value()[0], norm.value()[1], norm.value()[2], norm.value()[3]};
    assertArrayEquals(new float[] {3, 0, 1, 2}, y, 1e-4f);
    assertArrayEquals(new float[] {3, -1}, runningMean.data());
    assertArrayEquals(new float[] {4, 0.25f}, runningVariance.data());
  }

  @Test
  void oneValuePerChannelGivesTheBiasAndLeavesTheRunningStatistics() {
    Input pixel = new Input("pixel", Shape.of(2, 1, 1));
    BatchNorm2d single =
        new BatchNorm2d(
            "bn", pixel, weight, bias, runningMean, runningVariance, 1e-5f, 0.1f, null, false);
    weight.tensor().data()[0] = 3;
    bias.tensor().data()[0] = 0.5f;
    try (Workers workers = new Workers(1)) {
      Pass pass = new Pass(new ScalarKernels(), workers, 1, true, 0);
      Graph graph = new Graph(single, pass);
      pass.begin(1, 0);
      pixel.source(new float[] {7, 8});
      graph.forward();
      graph.accept();
    }
    assertEquals(0.5f, single.value()[0]);
    assertEquals(0, single.value()[1]);
    assertArrayEquals(new float[] {0, 0}, runningMean.data());
    assertArrayEquals(new float[] {1, 1}, runningVariance.data());
  }
}
