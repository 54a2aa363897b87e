package io.millrace.model.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every operation keeps: its value is the reference's, its gradients are those that central
 * differences of the reference give, and scalar and vector kernels give the same bits in both
 * directions. A new operation joins with a case in a subclass.
 *
 * <p>The objective that is differentiated is the sum of the output times fixed random numbers. The
 * reference runs in double, so that a central difference is good to some 1e-8; what remains is the
 * rounding of float32.
 */
abstract class GradientContract {
  private static final double STEP = 1e-4;
  private static final double TOLERANCE = 1e-5;

  private static final Kernels SCALAR = new ScalarKernels();
  private static final Kernels VECTOR = new VectorKernels();

  /** The operation in as many shapes as it has ways to go wrong. */
  abstract List<OperationCase> cases();

  @TestFactory
  Stream<DynamicTest> valueIsThatOfTheReference() {
    return each(cases(), GradientContract::checkValue);
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreThoseOfCentralDifferences() {
    return each(cases(), GradientContract::checkGradients);
  }

  @TestFactory
  Stream<DynamicTest> scalarAndVectorKernelsGiveTheSameBits() {
    return each(cases(), GradientContract::checkSameBits);
  }

  @TestFactory
  Stream<DynamicTest> smallIntegersAreExact() {
    return each(
        cases().stream().filter(OperationCase::exact).toList(), GradientContract::checkExact);
  }

  private static Stream<DynamicTest> each(
      List<OperationCase> cases, Consumer<OperationCase> check) {
    return cases.stream()
        .map(one -> DynamicTest.dynamicTest(one.toString(), () -> check.accept(one)));
  }

  static void checkValue(OperationCase operationCase) {
    OperationRun run = OperationRun.of(operationCase, operationCase.fill(), SCALAR, 1);
    double[] expected =
        operationCase.reference().compute(toDouble(operationCase.values(operationCase.fill())));
    requireClose(operationCase, "output", expected, run.output(), TOLERANCE);
  }

  static void checkGradients(OperationCase operationCase) {
    OperationCase.Fill fill = operationCase.fill();
    OperationRun run = OperationRun.of(operationCase, fill, SCALAR, 2);
    for (int a = 0; a < operationCase.arguments().size(); a++) {
      double[] numeric = centralDifferences(operationCase, fill, a, STEP);
      String tensor = "gradient of " + operationCase.arguments().get(a).name();
      requireClose(operationCase, tensor, numeric, run.gradients().get(a), TOLERANCE);
    }
  }

  static void checkSameBits(OperationCase operationCase) {
    for (OperationCase.Fill fill : List.of(operationCase.fill(), OperationCase.Fill.INTEGERS)) {
      OperationRun scalar = OperationRun.of(operationCase, fill, SCALAR, 1);
      OperationRun vector = OperationRun.of(operationCase, fill, VECTOR, 3);
      requireSameBits(operationCase, "output, " + fill, scalar.output(), vector.output());
      for (int a = 0; a < operationCase.arguments().size(); a++) {
        requireSameBits(
            operationCase,
            "gradient of " + operationCase.arguments().get(a).name() + ", " + fill,
            scalar.gradients().get(a),
            vector.gradients().get(a));
      }
    }
  }

  /** A difference over 1 in each direction is exact for what is linear in each argument. */
  static void checkExact(OperationCase operationCase) {
    OperationCase.Fill fill = OperationCase.Fill.INTEGERS;
    OperationRun run = OperationRun.of(operationCase, fill, VECTOR, 2);
    double[] expected = operationCase.reference().compute(toDouble(operationCase.values(fill)));
    requireClose(operationCase, "output", expected, run.output(), 0);
    for (int a = 0; a < operationCase.arguments().size(); a++) {
      double[] numeric = centralDifferences(operationCase, fill, a, 1);
      String tensor = "gradient of " + operationCase.arguments().get(a).name();
      requireClose(operationCase, tensor, numeric, run.gradients().get(a), 0);
    }
  }

  private static double[] centralDifferences(
      OperationCase operationCase, OperationCase.Fill fill, int argument, double step) {
    double[][] values = toDouble(operationCase.values(fill));
    double[] varied = values[argument];
    double[] differences = new double[varied.length];
    for (int i = 0; i < varied.length; i++) {
      double at = varied[i];
      varied[i] = at + step;
      double above = objective(operationCase, fill, values);
      varied[i] = at - step;
      double below = objective(operationCase, fill, values);
      varied[i] = at;
      differences[i] = (above - below) / (2 * step);
    }
    return differences;
  }

  private static double objective(
      OperationCase operationCase, OperationCase.Fill fill, double[][] values) {
    double[] output = operationCase.reference().compute(values);
    float[] weights = OperationCase.outputGradient(output.length, fill);
    double sum = 0;
    for (int i = 0; i < output.length; i++) {
      sum += output[i] * weights[i];
    }
    return sum;
  }

  /** The error is relative to the larger of both, and absolute where they are below 1. */
  private static void requireClose(
      OperationCase operationCase,
      String tensor,
      double[] numeric,
      float[] analytic,
      double tolerance) {
    assertTrue(numeric.length > 0 && numeric.length == analytic.length, tensor + ": length");
    for (int i = 0; i < numeric.length; i++) {
      double scale = Math.max(1, Math.max(Math.abs(analytic[i]), Math.abs(numeric[i])));
      if (!(Math.abs(analytic[i] - numeric[i]) <= tolerance * scale)) {
        fail(
            "%s: %s[%d]: expected within %.0e: analytic %.9g, numeric %.9g"
                .formatted(operationCase, tensor, i, tolerance, analytic[i], numeric[i]));
      }
    }
  }

  private static void requireSameBits(
      OperationCase operationCase, String tensor, float[] scalar, float[] vector) {
    for (int i = 0; i < scalar.length; i++) {
      if (Float.floatToRawIntBits(scalar[i]) != Float.floatToRawIntBits(vector[i])) {
        fail(
            "%s: %s[%d]: expected equal bits: scalar %.9g, vector %.9g"
                .formatted(operationCase, tensor, i, scalar[i], vector[i]));
      }
    }
  }

  private static double[][] toDouble(float[][] values) {
    double[][] doubles = new double[values.length][];
    for (int a = 0; a < values.length; a++) {
      doubles[a] = new double[values[a].length];
      for (int i = 0; i < values[a].length; i++) {
        doubles[a][i] = values[a][i];
      }
    }
    return doubles;
  }
}
