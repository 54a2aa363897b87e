package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How far rounding takes the kernels from a reference in double, on random floats and shapes of the
 * networks that ship. {@code ./millrace bench accuracy} prints the same for all shapes and larger
 * minibatches.
 */
class KernelAccuracyTest {
  /** Of the largest element of the reference: kernels that sum products as they are. */
  private static final double DIRECT = 2e-6;

  private static final int SAMPLES = 4;

  /**
   * Kernels and the bound that they have to keep. Another algorithm joins in {@link #subjects}; one
   * that transforms its input first, which costs digits, with 1e-4.
   */
  record Subject(String name, Kernels kernels, double bound) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Subject> subjects() {
    return Stream.of(
        new Subject("scalar direct", new ScalarKernels(), DIRECT),
        new Subject("vector direct", new VectorKernels(), DIRECT));
  }

  static Stream<Arguments> convolutions() {
    return subjects()
        .flatMap(subject ->
            Stream.of(
                    "ic1ih28oc6kh5ph2",
                    "ic6ih14oc16kh5",
                    "ic32ih28oc32kh3ph1",
                    "ic64ih14oc64kh3ph1",
                    "ic3ih32oc16kh3ph1",
                    "ic16ih32oc32kh3sh2ph1",
                    "ic64ih8oc64kh3ph1",
                    "ic32ih16oc64kh1sh2",
                    "ic64ih14oc64kh3ph1g64")
                .map(shape -> Arguments.of(subject, shape)));
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionIsNearDoublePrecision(Subject subject, String name) {
    Conv2dShape shape = KernelData.conv2d(name);
    float[] x = uniform(1, SAMPLES * shape.ih() * shape.iw() * shape.ic());
    float[] dy = uniform(2, SAMPLES * shape.oh() * shape.ow() * shape.oc());
    float[] weight = uniform(3, shape.weightElements());
    float[] bias = uniform(4, shape.oc());
    float[] packed = new float[weight.length];
    float[] transposed = new float[weight.length];
    ConvolutionWeights.pack(shape, weight, packed);
    ConvolutionWeights.packTransposed(shape, weight, transposed);

    float[] workspace = new float[Conv2dPlan.workspace(shape, true)];
    float[] y = new float[dy.length];
    float[] dx = new float[x.length];
    float[] dPacked = new float[weight.length];
    float[] dWeight = new float[weight.length];
    subject.kernels().conv2dForward(shape, x, packed, bias, false, y, workspace, 0, SAMPLES);
    subject.kernels().conv2dBackwardInput(shape, dy, transposed, dx, workspace, 0, SAMPLES);
    subject.kernels().conv2dBackwardWeight(shape, x, dy, dPacked, workspace, 0, SAMPLES);
    ConvolutionWeights.unpack(shape, dPacked, false, dWeight, 0, shape.groupInputs());

    // Rounded to float at the end, by a thirtieth of the tightest bound.
    float[] zeroY = new float[y.length];
    float[] zeroX = new float[x.length];
    float[] zeroWeight = new float[weight.length];
    requireNear(
        subject, "y", NaiveConvolution.forward(shape, x, weight, bias, zeroY, 0, SAMPLES), y);
    requireNear(
        subject, "dx", NaiveConvolution.backwardInput(shape, dy, weight, zeroX, 0, SAMPLES), dx);
    requireNear(
        subject,
        "dWeight",
        NaiveConvolution.backwardWeight(shape, x, dy, zeroWeight, 0, SAMPLES),
        dWeight);
  }

  static Stream<Arguments> linears() {
    return subjects()
        .flatMap(subject ->
            Stream.of(Arguments.of(subject, 400, 120), Arguments.of(subject, 3136, 128)));
  }

  @ParameterizedTest(name = "{0}, in{1}out{2}")
  @MethodSource("linears")
  void linearIsNearDoublePrecision(Subject subject, int in, int out) {
    float[] x = uniform(1, SAMPLES * in);
    float[] dy = uniform(2, SAMPLES * out);
    float[] weight = uniform(3, in * out);
    float[] bias = uniform(4, out);
    float[] packed = new float[weight.length];
    ConvolutionWeights.packLinear(in, out, weight, packed);

    float[] y = new float[dy.length];
    float[] dx = new float[x.length];
    float[] dWeight = new float[weight.length];
    subject.kernels().linearForward(in, out, x, packed, bias, y, 0, SAMPLES);
    subject.kernels().linearBackwardInput(in, out, dy, weight, dx, 0, SAMPLES);
    subject.kernels().linearBackwardWeight(in, out, x, dy, dWeight, SAMPLES, 0, out);

    double[] expectedY = new double[y.length];
    double[] expectedDx = new double[x.length];
    double[] expectedDWeight = new double[weight.length];
    for (int n = 0; n < SAMPLES; n++) {
      for (int o = 0; o < out; o++) {
        expectedY[n * out + o] = bias[o];
        for (int i = 0; i < in; i++) {
          expectedY[n * out + o] += (double) x[n * in + i] * weight[o * in + i];
          expectedDx[n * in + i] += (double) dy[n * out + o] * weight[o * in + i];
          expectedDWeight[o * in + i] += (double) dy[n * out + o] * x[n * in + i];
        }
      }
    }
    requireNear(subject, "y", floats(expectedY), y);
    requireNear(subject, "dx", floats(expectedDx), dx);
    requireNear(subject, "dWeight", floats(expectedDWeight), dWeight);
  }

  /** The largest difference in a tensor, relative to its largest element, is within the bound. */
  private static void requireNear(
      Subject subject, String tensor, float[] expected, float[] actual) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) actual[i] - expected[i]));
    }
    double error = difference / largest;
    // Written so that NaN fails.
    assertTrue(
        error <= subject.bound(),
        () -> tensor + ": expected an error of at most " + subject.bound() + ", got " + error);
  }

  private static float[] uniform(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  private static float[] floats(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
