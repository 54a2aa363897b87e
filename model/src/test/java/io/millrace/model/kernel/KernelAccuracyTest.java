package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How far rounding takes the kernels from a reference in double, on random floats and the shapes of
 * the networks that ship. {@code ./millrace bench accuracy} prints the same for larger minibatches.
 */
class KernelAccuracyTest {
  /** Of the largest element of the reference: kernels that sum products as they are. */
  private static final double DIRECT = 2e-6;

  /** The same for kernels that transform their operands first, which costs digits. */
  private static final double TRANSFORMED = 1e-4;

  private static final int SAMPLES = 4;

  /**
   * Kernels, the way that they compute a convolution, and the bound that they have to keep. Another
   * algorithm joins in {@link #subjects}.
   */
  record Subject(String name, Kernels kernels, boolean winograd, double bound) {
    boolean fits(Conv2dShape shape) {
      return !winograd || Winograd.suits(shape);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Subject> subjects() {
    return Stream.of(
        new Subject("scalar direct", new ScalarKernels(), false, DIRECT),
        new Subject("vector direct", new VectorKernels(), false, DIRECT),
        new Subject("scalar winograd", new ScalarKernels(), true, TRANSFORMED),
        new Subject("vector winograd", new VectorKernels(), true, TRANSFORMED));
  }

  /** All convolutions of the networks that ship, then a depthwise and a pointwise one. */
  static Stream<String> convolutions() {
    return Stream.of(
        "ic1ih28oc6kh5ph2",
        "ic6ih14oc16kh5",
        "ic1ih28oc32kh3ph1",
        "ic32ih28oc32kh3ph1",
        "ic32ih14oc64kh3ph1",
        "ic64ih14oc64kh3ph1",
        "ic3ih32oc16kh3ph1",
        "ic16ih32oc16kh3ph1",
        "ic16ih32oc32kh3sh2ph1",
        "ic32ih16oc32kh3ph1",
        "ic16ih32oc32kh1sh2",
        "ic32ih16oc64kh3sh2ph1",
        "ic64ih8oc64kh3ph1",
        "ic32ih16oc64kh1sh2",
        "ic64ih14oc64kh3ph1g64",
        "ic64ih14oc64kh1");
  }

  /**
   * Random operands of a shape, and what kernels make of them.
   *
   * @param dWeight in PyTorch's order, as the weights
   */
  private record Convolution(
      Conv2dShape shape,
      float[] x,
      float[] dy,
      float[] weight,
      float[] bias,
      float[] y,
      float[] dx,
      float[] dWeight) {

    static Convolution random(Conv2dShape shape) {
      float[] x = uniform(1, SAMPLES * shape.ih() * shape.iw() * shape.ic());
      float[] dy = uniform(2, SAMPLES * shape.oh() * shape.ow() * shape.oc());
      float[] weight = uniform(3, shape.weightElements());
      return new Convolution(
          shape,
          x,
          dy,
          weight,
          uniform(4, shape.oc()),
          new float[dy.length],
          new float[x.length],
          new float[weight.length]);
    }

    void run(Subject subject) {
      if (subject.winograd()) {
        runWinograd(subject.kernels());
      } else {
        runDirect(subject.kernels());
      }
    }

    private void runDirect(Kernels kernels) {
      float[] transposed = new float[weight.length];
      ConvolutionWeights.packTransposed(shape, weight, transposed);
      float[] workspace = new float[Conv2dPlan.workspace(shape, true)];
      kernels.conv2dForward(shape, x, packed(), bias, false, y, workspace, 0, SAMPLES);
      kernels.conv2dBackwardInput(shape, dy, transposed, dx, workspace, 0, SAMPLES);
      float[][] partials = new float[SAMPLES][weight.length];
      for (int n = 0; n < SAMPLES; n++) {
        kernels.conv2dBackwardWeight(shape, x, dy, partials[n], workspace, n, n + 1);
      }
      addPartials(kernels, partials);
    }

    private void runWinograd(Kernels kernels) {
      float[] u = new float[Winograd.weightElements(shape)];
      float[] ut = new float[u.length];
      float[] workspace = new float[Conv2dPlan.workspace(shape, true)];
      float[][] partials = new float[SAMPLES][weight.length];
      kernels.winogradWeights(shape, weight, u, ut);
      kernels.winogradForward(shape, x, u, bias, false, y, workspace, 0, SAMPLES);
      for (int n = 0; n < SAMPLES; n++) {
        kernels.winogradBackward(shape, x, dy, ut, dx, partials[n], workspace, n, n + 1);
      }
      addPartials(kernels, partials);
    }

    /** In training, too, shards sum for themselves; here each has one sample. */
    private void addPartials(Kernels kernels, float[][] partials) {
      for (int n = 1; n < SAMPLES; n++) {
        kernels.accumulate(partials[n], partials[0], 0, weight.length);
      }
      ConvolutionWeights.unpack(shape, partials[0], false, dWeight, 0, shape.groupInputs());
    }

    private float[] packed() {
      float[] packed = new float[weight.length];
      ConvolutionWeights.pack(shape, weight, packed);
      return packed;
    }
  }

  @ParameterizedTest
  @MethodSource("convolutions")
  void convolutionIsNearDoublePrecision(String name) {
    Conv2dShape shape = KernelData.conv2d(name);
    Convolution c = Convolution.random(shape);
    // Rounded to float at the end, by a thirtieth of the tightest bound. Once for all subjects,
    // because it takes the longest.
    float[] y =
        NaiveConvolution.forward(shape, c.x, c.weight, c.bias, new float[c.y.length], 0, SAMPLES);
    float[] dx =
        NaiveConvolution.backwardInput(shape, c.dy, c.weight, new float[c.x.length], 0, SAMPLES);
    float[] dWeight =
        NaiveConvolution.backwardWeight(shape, c.x, c.dy, new float[c.weight.length], 0, SAMPLES);
    subjects()
        .filter(subject -> subject.fits(shape))
        .forEach(subject -> {
          Convolution actual = Convolution.random(shape);
          actual.run(subject);
          requireNear(subject, "y", y, actual.y);
          requireNear(subject, "dx", dx, actual.dx);
          requireNear(subject, "dWeight", dWeight, actual.dWeight);
        });
  }

  static Stream<Arguments> linears() {
    return subjects()
        .filter(subject -> !subject.winograd())
        .flatMap(subject ->
            Stream.of(
                Arguments.of(subject, 400, 120),
                Arguments.of(subject, 120, 84),
                Arguments.of(subject, 84, 10),
                Arguments.of(subject, 3136, 128),
                Arguments.of(subject, 128, 10),
                Arguments.of(subject, 64, 10)));
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
        () ->
            subject
                + ", "
                + tensor
                + ": expected an error of at most "
                + subject.bound()
                + ", got "
                + error);
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
