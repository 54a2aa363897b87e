package io.millrace.model.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class FloatMathTest {
  /** Prime, so that every exponent and the low bits of the fraction are met. */
  private static final int STEP = 4_099;

  private static final double MAX_ULPS = 0.5001;

  @Test
  void exponentialIsWithinItsStatedErrorOverAllFloats() {
    for (long bits = 0; bits < 1L << 32; bits += STEP) {
      float x = Float.intBitsToFloat((int) bits);
      if (!Float.isNaN(x)) {
        assertClose(Math.exp(x), FloatMath.exp(x), "exp", x);
      }
    }
  }

  @Test
  void logarithmIsWithinItsStatedErrorOverAllPositiveFloats() {
    for (int bits = 1; bits < Float.floatToIntBits(Float.POSITIVE_INFINITY); bits += STEP) {
      float x = Float.intBitsToFloat(bits);
      assertClose(Math.log(x), FloatMath.log(x), "log", x);
    }
  }

  @Test
  void logarithmIsAccurateBesideOne() {
    float below = 1;
    float above = 1;
    for (int i = 0; i < 10_000; i++) {
      assertClose(Math.log(below), FloatMath.log(below), "log", below);
      assertClose(Math.log(above), FloatMath.log(above), "log", above);
      below = Math.nextDown(below);
      above = Math.nextUp(above);
    }
  }

  @Test
  void exponentialOfExtremesIsDefined() {
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Float.POSITIVE_INFINITY));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Float.MAX_VALUE));
    assertEquals(0f, FloatMath.exp(Float.NEGATIVE_INFINITY));
    assertEquals(0f, FloatMath.exp(-Float.MAX_VALUE));
    assertEquals(1f, FloatMath.exp(0f));
    assertEquals(1f, FloatMath.exp(-0f));
    assertEquals(Float.MIN_VALUE, FloatMath.exp(-103.5f));
    assertTrue(Float.isNaN(FloatMath.exp(Float.NaN)));
    assertEquals((float) Math.exp(88.72283f), FloatMath.exp(88.72283f));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.exp(Math.nextUp(88.72283f)));
  }

  @Test
  void logarithmOfExtremesIsDefined() {
    assertEquals(Float.NEGATIVE_INFINITY, FloatMath.log(0f));
    assertEquals(Float.NEGATIVE_INFINITY, FloatMath.log(-0f));
    assertTrue(Float.isNaN(FloatMath.log(-1f)));
    assertTrue(Float.isNaN(FloatMath.log(Float.NEGATIVE_INFINITY)));
    assertTrue(Float.isNaN(FloatMath.log(Float.NaN)));
    assertEquals(Float.POSITIVE_INFINITY, FloatMath.log(Float.POSITIVE_INFINITY));
    assertEquals(0f, FloatMath.log(1f));
    assertEquals((float) Math.log(Float.MIN_VALUE), FloatMath.log(Float.MIN_VALUE));
  }

  /** Spelled-out bits: a change of the polynomials must not go unnoticed, since weights follow. */
  @Test
  void bitsAreThoseOfEveryOtherMachine() {
    int hash = 0;
    for (float x = -103; x < 88; x += 0.01f) {
      hash = 31 * hash + Float.floatToIntBits(FloatMath.exp(x));
      hash = 31 * hash + Float.floatToIntBits(FloatMath.log(x + 104));
    }
    assertEquals(-826838344, hash);
  }

  private static void assertClose(double expected, float actual, String function, float x) {
    if (Math.abs(expected) > Float.MAX_VALUE || expected == 0) {
      assertEquals((float) expected, actual, () -> function + "(" + x + ")");
      return;
    }
    double ulps = Math.abs(actual - expected) / Math.ulp((float) expected);
    assertTrue(ulps <= MAX_ULPS, () -> function + "(" + x + "): off by " + ulps + " ulp");
  }
}
