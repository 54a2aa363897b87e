package io.millrace.benchmarks.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What this machine can do at best on one thread: independent chains of fused multiply-adds that
 * never leave the registers, in vectors of the preferred width.
 */
final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** More than a latency of 4 to 5 cycles times 2 units; with 2 operands they fit 16 registers. */
  private static final int CHAINS = 12;

  private static final int LENGTH = 10_000;

  private float sink;

  /** The fastest of all windows of some tens of microseconds within {@code nanos}, in GFLOP/s. */
  double gigaflops(long nanos) {
    double flops = 2.0 * CHAINS * LENGTH * SPECIES.length();
    double best = 0;
    long end = System.nanoTime() + nanos;
    for (long now = System.nanoTime(); now < end; ) {
      sink += chains(LENGTH);
      long after = System.nanoTime();
      best = Math.max(best, flops / (after - now));
      now = after;
    }
    return Float.isNaN(sink) ? 0 : best;
  }

  /** Each chain goes to 2: s = s / 2 + 1. */
  private static float chains(int length) {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one, e = half, f = one;
    FloatVector g = half, h = one, i = half, j = one, k = half, l = one;
    for (int n = 0; n < length; n++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
      i = i.fma(half, one);
      j = j.fma(half, one);
      k = k.fma(half, one);
      l = l.fma(half, one);
    }
    FloatVector sum =
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l);
    return sum.lane(0);
  }
}
