package io.millrace.model.kernel;

import static io.millrace.model.kernel.KernelData.assertBits;
import static io.millrace.model.kernel.KernelData.floats;
import static io.millrace.model.kernel.KernelData.integers;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Linear layers are exact on integers, and have the scalar twin's bits on floats. */
interface LinearContract {
  int SAMPLES = 8;
  int FROM_SAMPLE = 1;

  Kernels kernels();

  @ParameterizedTest(name = "in{0}out{1}")
  @CsvSource({"1,1", "3,10", "84,10", "120,84", "17,15", "16,16", "31,33", "97,128", "400,7"})
  default void linearIsExactOnIntegers(int in, int out) {
    float[] x = integers(1, SAMPLES * in);
    float[] weight = integers(2, in * out);
    float[] bias = integers(3, out);
    float[] y = integers(4, SAMPLES * out);
    float[] dWeight = integers(5, in * out);
    float[] dx = x.clone();
    float[] expectedY = y.clone();
    float[] expectedDx = dx.clone();
    float[] expectedDWeight = dWeight.clone();
    int fromOut = out / 3;
    for (int n = 0; n < SAMPLES; n++) {
      for (int o = 0; o < out; o++) {
        double sum = bias[o];
        for (int i = 0; i < in; i++) {
          sum += (double) x[n * in + i] * weight[o * in + i];
          if (n >= FROM_SAMPLE) {
            expectedDx[n * in + i] += y[n * out + o] * weight[o * in + i];
          }
          if (o >= fromOut) {
            expectedDWeight[o * in + i] += y[n * out + o] * x[n * in + i];
          }
        }
        if (n >= FROM_SAMPLE) {
          expectedY[n * out + o] = (float) sum;
        }
      }
    }
    kernels().linearBackwardInput(in, out, y, weight, dx, FROM_SAMPLE, SAMPLES);
    assertBits(expectedDx, dx, "dx");
    kernels().linearBackwardWeight(in, out, x, y, dWeight, SAMPLES, fromOut, out);
    assertBits(expectedDWeight, dWeight, "dWeight");
    float[] packed = new float[in * out];
    ConvolutionWeights.packLinear(in, out, weight, packed);
    kernels().linearForward(in, out, x, packed, bias, y, FROM_SAMPLE, SAMPLES);
    assertBits(expectedY, y, "y");
  }

  /** Blocks differ with the rows that are left, and with the columns. */
  @ParameterizedTest(name = "rows{0}")
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13})
  default void linearOfSoManyRowsHasTheBitsOfTheScalarTwin(int rows) {
    int in = 150;
    int out = 203;
    float[] x = floats(1, (rows + 1) * in);
    float[] weight = floats(2, in * out);
    float[] bias = floats(3, out);
    float[][] y = {floats(4, (rows + 1) * out), floats(4, (rows + 1) * out)};
    float[][] dx = {x.clone(), x.clone()};
    Kernels[] kernels = {new ScalarKernels(), kernels()};
    for (int i = 0; i < 2; i++) {
      kernels[i].linearForward(in, out, x, weight, bias, y[i], 1, rows + 1);
      kernels[i].linearBackwardInput(in, out, y[i], weight, dx[i], 1, rows + 1);
    }
    assertBits(y[0], y[1], "y");
    assertBits(dx[0], dx[1], "dx");
  }

  @ParameterizedTest(name = "in{0}out{1}")
  @CsvSource({"1,1", "3,10", "84,10", "120,84", "17,15", "16,16", "31,33", "97,128", "400,7"})
  default void linearHasTheBitsOfTheScalarTwin(int in, int out) {
    float[][] expected = runAll(new ScalarKernels(), in, out);
    float[][] actual = runAll(kernels(), in, out);
    assertBits(expected[0], actual[0], "y");
    assertBits(expected[1], actual[1], "dx");
    assertBits(expected[2], actual[2], "dWeight");
  }

  private static float[][] runAll(Kernels kernels, int in, int out) {
    float[] x = floats(1, SAMPLES * in);
    float[] weight = floats(2, in * out);
    float[] bias = floats(3, out);
    float[] y = floats(4, SAMPLES * out);
    float[] dx = floats(5, SAMPLES * in);
    float[] dWeight = floats(6, in * out);
    kernels.linearForward(in, out, x, weight, bias, y, FROM_SAMPLE, SAMPLES);
    kernels.linearBackwardInput(in, out, y, weight, dx, FROM_SAMPLE, SAMPLES);
    kernels.linearBackwardWeight(in, out, x, y, dWeight, SAMPLES, out / 3, out);
    return new float[][] {y, dx, dWeight};
  }
}
