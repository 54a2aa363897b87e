package io.millrace.model.math;

/**
 * Exponential and logarithm of floats that give the same bits on every JVM and processor, which
 * {@link Math} does not promise.
 *
 * <p>Both reduce the argument and evaluate a polynomial in double by fused multiply-adds, and round
 * to float once at the end: the error is below 0.5001 units in the last place of the float, so that
 * almost every result is the correctly rounded one.
 */
public final class FloatMath {
  private static final double LN2 = 0.6931471805599453;
  private static final double LOG2_E = 1.4426950408889634;

  /** Above it e^x exceeds the largest float; below {@link #EXP_ZERO} it rounds to zero. */
  private static final float EXP_INFINITE = 89;

  private static final float EXP_ZERO = -104;

  private static final double SQRT2 = 1.4142135623730951;
  private static final int DOUBLE_FRACTION_BITS = 52;
  private static final int DOUBLE_BIAS = 1023;

  private FloatMath() {}

  /**
   * e^x: x = n ln 2 + r with |r| at most ln 2 / 2, then 2^n times the Taylor polynomial of degree
   * 10 at r. NaN gives NaN, overflow infinity, underflow a subnormal or zero.
   */
  public static float exp(float x) {
    if (x > EXP_INFINITE) {
      return Float.POSITIVE_INFINITY;
    }
    if (x < EXP_ZERO) {
      return 0;
    }
    if (Float.isNaN(x)) {
      return Float.NaN;
    }
    double n = Math.rint(x * LOG2_E);
    double r = Math.fma(-n, LN2, x);
    double p = 1.0 / 3628800;
    p = Math.fma(p, r, 1.0 / 362880);
    p = Math.fma(p, r, 1.0 / 40320);
    p = Math.fma(p, r, 1.0 / 5040);
    p = Math.fma(p, r, 1.0 / 720);
    p = Math.fma(p, r, 1.0 / 120);
    p = Math.fma(p, r, 1.0 / 24);
    p = Math.fma(p, r, 1.0 / 6);
    p = Math.fma(p, r, 0.5);
    p = Math.fma(p, r, 1);
    p = Math.fma(p, r, 1);
    return (float) (p * powerOfTwo((int) n));
  }

  /**
   * Natural logarithm: x = 2^e m with m in [sqrt(1/2), sqrt(2)), then e ln 2 + 2 artanh f with f =
   * (m - 1) / (m + 1), the series cut after f^17. Zero gives negative infinity, a negative number
   * or NaN gives NaN.
   */
  public static float log(float x) {
    if (!(x > 0)) {
      return x == 0 ? Float.NEGATIVE_INFINITY : Float.NaN;
    }
    if (x == Float.POSITIVE_INFINITY) {
      return x;
    }
    // As a double even a subnormal float is normal, so that its exponent can be read off.
    long bits = Double.doubleToRawLongBits(x);
    int e = (int) (bits >>> DOUBLE_FRACTION_BITS) - DOUBLE_BIAS;
    double m = x * powerOfTwo(-e);
    if (m > SQRT2) {
      m *= 0.5;
      e++;
    }
    double f = (m - 1) / (m + 1);
    double q = f * f;
    double p = 2.0 / 17;
    p = Math.fma(p, q, 2.0 / 15);
    p = Math.fma(p, q, 2.0 / 13);
    p = Math.fma(p, q, 2.0 / 11);
    p = Math.fma(p, q, 2.0 / 9);
    p = Math.fma(p, q, 2.0 / 7);
    p = Math.fma(p, q, 2.0 / 5);
    p = Math.fma(p, q, 2.0 / 3);
    p = Math.fma(p, q, 2);
    return (float) Math.fma(e, LN2, p * f);
  }

  /** 2^n for n within the exponents of normal doubles. */
  private static double powerOfTwo(int n) {
    return Double.longBitsToDouble((long) (n + DOUBLE_BIAS) << DOUBLE_FRACTION_BITS);
  }
}
