package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Test data, shapes read from their names, and comparison by bits. */
final class KernelData {
  /** Spare elements behind every array, which kernels must leave alone. */
  static final int SPARE = 5;

  private static final Pattern DIMENSION = Pattern.compile("([a-z]+)(\\d+)");

  private KernelData() {}

  /** Integers of at most 3: sums of a million products stay exact in a float. */
  static float[] integers(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n + SPARE];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(-3, 4);
    }
    return values;
  }

  /** Floats of many magnitudes and both zeros, which tell apart any two orders of summing. */
  static float[] floats(long seed, int n) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[n + SPARE];
    for (int i = 0; i < values.length; i++) {
      int kind = random.nextInt(20);
      float value = (float) random.nextDouble(-1, 1);
      values[i] =
          switch (kind) {
            case 0 -> 0f;
            case 1 -> -0f;
            case 2 -> value * 1e6f;
            case 3 -> value * 1e-30f;
            default -> value;
          };
    }
    return values;
  }

  /** Of a name like {@code ic3ih27oc96kh11sh4ph0}; what is left out is as in the height, or 1. */
  static Conv2dShape conv2d(String name) {
    int ih = dimension(name, "ih", 1);
    int kh = dimension(name, "kh", 1);
    int sh = dimension(name, "sh", 1);
    int ph = dimension(name, "ph", 0);
    int dh = dimension(name, "dh", 1);
    return new Conv2dShape(
        dimension(name, "ic", 1),
        ih,
        dimension(name, "iw", ih),
        dimension(name, "oc", 1),
        kh,
        dimension(name, "kw", kh),
        sh,
        dimension(name, "sw", sh),
        ph,
        dimension(name, "pw", ph),
        dh,
        dimension(name, "dw", dh),
        dimension(name, "g", 1));
  }

  static Pool2dShape pool2d(String name) {
    int ih = dimension(name, "ih", 1);
    int kh = dimension(name, "kh", 1);
    int sh = dimension(name, "sh", 1);
    int ph = dimension(name, "ph", 0);
    return new Pool2dShape(
        dimension(name, "c", 1),
        ih,
        dimension(name, "iw", ih),
        kh,
        dimension(name, "kw", kh),
        sh,
        dimension(name, "sw", sh),
        ph,
        dimension(name, "pw", ph));
  }

  static int dimension(String name, String key, int otherwise) {
    Matcher matcher = DIMENSION.matcher(name);
    while (matcher.find()) {
      if (matcher.group(1).equals(key)) {
        return Integer.parseInt(matcher.group(2));
      }
    }
    return otherwise;
  }

  /** Equal bit for bit, but for the payload of NaNs. */
  static void assertBits(float[] expected, float[] actual, String what) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
        int at = i;
        assertEquals(expected[i], actual[i], () -> what + "[" + at + "]");
      }
    }
  }
}
