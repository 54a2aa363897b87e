package io.millrace.benchmarks.measure;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Chains of fused multiply-adds x = x * a + b that stay in registers, with |a| below 1 so that
 * nothing overflows or becomes denormal. Written out once for each width: the compiler must know
 * the species as a constant, and it does not inline a method of this size.
 */
final class FmaChains {
  static final VectorSpecies<Float> PREFERRED = FloatVector.SPECIES_PREFERRED;
  static final VectorSpecies<Float> BITS_256 = FloatVector.SPECIES_256;

  /** More than 4 cycles of latency times 2 units. */
  static final int CHAINS = 12;

  /** Multiply-adds of a chain in one call. */
  static final int STEPS = 20_000;

  private FmaChains() {}

  /** All chains with the widest vectors that this machine prefers. */
  static float preferred() {
    FloatVector a = FloatVector.broadcast(PREFERRED, 0.5f);
    FloatVector b = FloatVector.broadcast(PREFERRED, 1f);
    FloatVector x0 = b.add(0);
    FloatVector x1 = b.add(1);
    FloatVector x2 = b.add(2);
    FloatVector x3 = b.add(3);
    FloatVector x4 = b.add(4);
    FloatVector x5 = b.add(5);
    FloatVector x6 = b.add(6);
    FloatVector x7 = b.add(7);
    FloatVector x8 = b.add(8);
    FloatVector x9 = b.add(9);
    FloatVector x10 = b.add(10);
    FloatVector x11 = b.add(11);
    for (int i = 0; i < STEPS; i++) {
      x0 = x0.fma(a, b);
      x1 = x1.fma(a, b);
      x2 = x2.fma(a, b);
      x3 = x3.fma(a, b);
      x4 = x4.fma(a, b);
      x5 = x5.fma(a, b);
      x6 = x6.fma(a, b);
      x7 = x7.fma(a, b);
      x8 = x8.fma(a, b);
      x9 = x9.fma(a, b);
      x10 = x10.fma(a, b);
      x11 = x11.fma(a, b);
    }
    FloatVector low = x0.add(x1).add(x2).add(x3).add(x4).add(x5);
    FloatVector high = x6.add(x7).add(x8).add(x9).add(x10).add(x11);
    return low.add(high).lane(0);
  }

  /** All chains with vectors of 8 floats. */
  static float bits256() {
    FloatVector a = FloatVector.broadcast(BITS_256, 0.5f);
    FloatVector b = FloatVector.broadcast(BITS_256, 1f);
    FloatVector x0 = b.add(0);
    FloatVector x1 = b.add(1);
    FloatVector x2 = b.add(2);
    FloatVector x3 = b.add(3);
    FloatVector x4 = b.add(4);
    FloatVector x5 = b.add(5);
    FloatVector x6 = b.add(6);
    FloatVector x7 = b.add(7);
    FloatVector x8 = b.add(8);
    FloatVector x9 = b.add(9);
    FloatVector x10 = b.add(10);
    FloatVector x11 = b.add(11);
    for (int i = 0; i < STEPS; i++) {
      x0 = x0.fma(a, b);
      x1 = x1.fma(a, b);
      x2 = x2.fma(a, b);
      x3 = x3.fma(a, b);
      x4 = x4.fma(a, b);
      x5 = x5.fma(a, b);
      x6 = x6.fma(a, b);
      x7 = x7.fma(a, b);
      x8 = x8.fma(a, b);
      x9 = x9.fma(a, b);
      x10 = x10.fma(a, b);
      x11 = x11.fma(a, b);
    }
    FloatVector low = x0.add(x1).add(x2).add(x3).add(x4).add(x5);
    FloatVector high = x6.add(x7).add(x8).add(x9).add(x10).add(x11);
    return low.add(high).lane(0);
  }
}
