package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.optimizer.OptimizerSpec;
import io.millrace.model.optimizer.Schedule;
import io.millrace.model.optimizer.StepDecay;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.LossSpec;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Three steps by hand, across a decay of the rate. The network is y = W x + b of two outputs with
 * squared error, x = (1, 0) and label 0; all start at 0 but W[0][0] = 0.5, so that what moves is w
 * = W[0][0] and b = b[0]: the loss is ((w + b - 1)^2 + (W[1][0] + b[1])^2) / 2 and both gradients
 * are w + b - 1. W[1][0] and b[1] stay 0. The rate is 0.1, 0.1, then 0.01.
 */
class OptimizerByHandTest {
  private static final Schedule SCHEDULE = new StepDecay(0.1, 2, 0.1, 0);
  private static final double TOLERANCE = 1e-6;

  private static void requireSteps(OptimizerSpec optimizer, double[] weights, double[] biases) {
    try (Learner learner =
        Learner.create(
            TestNetworks.twoByTwo(LossSpec.SQUARED_ERROR),
            optimizer,
            SCHEDULE,
            0,
            InitializationSpec.withDefaults(),
            1,
            1,
            new ScalarKernels())) {
      Map<String, Tensor> tensors = learner.state().parametersAndBuffers();
      float[] weight = data(tensors, "fc.weight");
      float[] bias = data(tensors, "fc.bias");
      Arrays.fill(weight, 0);
      weight[0] = 0.5f;
      learner.images()[0] = 1;
      for (int step = 0; step < 3; step++) {
        learner.step(1);
        assertEquals(weights[step], weight[0], TOLERANCE, "weight after step " + step);
        assertEquals(biases[step], bias[0], TOLERANCE, "bias after step " + step);
        assertEquals(0, weight[2], "the other output's weight");
      }
    }
  }

  private static float[] data(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError("no tensor " + name + " in " + tensors.keySet());
    }
    return tensor.data();
  }

  @Test
  void plain() {
    // g = w + b - 1: -0.5; then -0.4; then -0.32.
    // w, b each move by 0.05; 0.04; 0.0032.
    requireSteps(
        OptimizerSpec.plain(),
        new double[] {0.55, 0.59, 0.5932},
        new double[] {0.05, 0.09, 0.0932});
  }

  @Test
  void heavyBall() {
    // v = g = -0.5; w = 0.55, b = 0.05.
    // g = -0.4, v = 0.9 * -0.5 - 0.4 = -0.85; w = 0.635, b = 0.135.
    // g = -0.23, v = 0.9 * -0.85 - 0.23 = -0.995; rate 0.01: w = 0.64495, b = 0.14495.
    requireSteps(
        OptimizerSpec.heavyBall(0.9f, 0),
        new double[] {0.55, 0.635, 0.64495},
        new double[] {0.05, 0.135, 0.14495});
  }

  @Test
  void averaging() {
    // v = g = -0.5 undamped at the first step; w = 0.55, b = 0.05.
    // g = -0.4, v = 0.9 * -0.5 + 0.1 * -0.4 = -0.49; w = 0.599, b = 0.099.
    // g = -0.302, v = 0.9 * -0.49 + 0.1 * -0.302 = -0.4712; w = 0.603712, b = 0.103712.
    requireSteps(
        OptimizerSpec.averaging(0.9f, 0),
        new double[] {0.55, 0.599, 0.603712},
        new double[] {0.05, 0.099, 0.103712});
  }

  @Test
  void nesterov() {
    // g = v = -0.5, u = g + 0.9 v = -0.95; w = 0.595, b = 0.095.
    // g = -0.31, v = -0.45 - 0.31 = -0.76, u = -0.31 - 0.684 = -0.994; w = 0.6944, b = 0.1944.
    // g = -0.1112, v = -0.684 - 0.1112 = -0.7952, u = -0.1112 - 0.71568 = -0.82688;
    // w = 0.7026688, b = 0.2026688.
    requireSteps(
        new OptimizerSpec(0.9f, 0, true, 0, true, 0),
        new double[] {0.595, 0.6944, 0.7026688},
        new double[] {0.095, 0.1944, 0.2026688});
  }

  @Test
  void weightDecayOfAll() {
    // g = -0.5; w: -0.5 + 0.2 * 0.5 = -0.4, b: -0.5 + 0; w = 0.54, b = 0.05.
    // g = -0.41; w: -0.41 + 0.108 = -0.302, b: -0.41 + 0.01 = -0.4; w = 0.5702, b = 0.09.
    // g = -0.3398; w: -0.3398 + 0.11404 = -0.22576, b: -0.3398 + 0.018 = -0.3218;
    // rate 0.01: w = 0.5724576, b = 0.093218.
    requireSteps(
        new OptimizerSpec(0, 0, false, 0.2f, true, 0),
        new double[] {0.54, 0.5702, 0.5724576},
        new double[] {0.05, 0.09, 0.093218});
  }

  @Test
  void weightDecayWithBiasesExempt() {
    // As above, but b's gradient is not touched: -0.5; -0.41; -(1 - 0.5702 - 0.091) = -0.3388.
    // w: -0.4; -0.302; -0.3388 + 0.11404 = -0.22476.
    requireSteps(
        new OptimizerSpec(0, 0, false, 0.2f, false, 0),
        new double[] {0.54, 0.5702, 0.5724476},
        new double[] {0.05, 0.091, 0.094388});
  }

  @Test
  void weightDecayGoesThroughTheVelocity() {
    // g = -0.5; w: v = -0.4, b: v = -0.5; w = 0.54, b = 0.05.
    // g = -0.41; w: v = -0.36 - 0.302 = -0.662, b: v = -0.45 - 0.4 = -0.85; w = 0.6062, b = 0.135.
    // g = -0.2588; w: v = -0.5958 - 0.2588 + 0.12124 = -0.73336, b: v = -0.765 - 0.2588 + 0.027 =
    // -0.9968; rate 0.01: w = 0.6135336, b = 0.144968.
    requireSteps(
        OptimizerSpec.heavyBall(0.9f, 0.2f),
        new double[] {0.54, 0.6062, 0.6135336},
        new double[] {0.05, 0.135, 0.144968});
  }

  @Test
  void clippingScalesTheWholeGradientToTheNormAndLeavesSmallerOnesAlone() {
    // The norm of (g, g) is 0.7071, then with g = -0.43636, 0.6171: each is clipped to (0.45, 0.45)
    // /
    // sqrt(2). Two steps of 0.03182 leave g = -0.37272 and the norm 0.5271: clipped as well.
    double move = 0.1 * 0.45 / Math.sqrt(2);
    requireSteps(
        new OptimizerSpec(0, 0, false, 0, true, 0.45f),
        new double[] {0.5 + move, 0.5 + 2 * move, 0.5 + 2.1 * move},
        new double[] {move, 2 * move, 2.1 * move});
    // With a larger limit nothing is scaled: the steps are those of plain SGD.
    requireSteps(
        new OptimizerSpec(0, 0, false, 0, true, 1),
        new double[] {0.55, 0.59, 0.5932},
        new double[] {0.05, 0.09, 0.0932});
  }
}
