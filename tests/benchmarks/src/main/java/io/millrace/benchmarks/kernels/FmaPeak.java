package io.millrace.benchmarks.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What this machine can do at best on one thread: independent chains of fused multiply-adds that
 * never leave the registers, in vectors of the preferred width. Processors need 8 chains or so to
 * hide the latency; how many the just-in-time compiler schedules best depends on the width, so that
 * the fastest of three numbers counts.
 */
final class FmaPeak {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LENGTH = 10_000;

  private float sink;

  /** The fastest of all windows of some tens of microseconds within {@code nanos}, in GFLOP/s. */
  double gigaflops(long nanos) {
    double best = 0;
    long end = System.nanoTime() + nanos;
    for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
      sink += chains8();
      long after8 = System.nanoTime();
      sink += chains12();
      long after12 = System.nanoTime();
      sink += chains16();
      long after16 = System.nanoTime();
      best = Math.max(best, gigaflops(8, after8 - now));
      best = Math.max(best, gigaflops(12, after12 - after8));
      best = Math.max(best, gigaflops(16, after16 - after12));
    }
    return Float.isNaN(sink) ? 0 : best;
  }

  private static double gigaflops(int chains, long nanos) {
    return 2.0 * chains * LENGTH * SPECIES.length() / nanos;
  }

  // Each chain goes to 2: s = s / 2 + 1.

  private static float chains8() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    for (int round = 0; round < LENGTH; round++) {
      a = a.fma(half, one);
      b = b.fma(half, one);
      c = c.fma(half, one);
      d = d.fma(half, one);
      e = e.fma(half, one);
      f = f.fma(half, one);
      g = g.fma(half, one);
      h = h.fma(half, one);
    }
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).lane(0);
  }

  private static float chains12() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    FloatVector i = half, j = one, k = half, l = one;
    for (int round = 0; round < LENGTH; round++) {
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
    return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).lane(0);
  }

  private static float chains16() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    FloatVector i = half, j = one, k = half, l = one;
    FloatVector m = half, n = one, o = half, p = one;
    for (int round = 0; round < LENGTH; round++) {
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
      m = m.fma(half, one);
      n = n.fma(half, one);
      o = o.fma(half, one);
      p = p.fma(half, one);
    }
    return a.add(b)
        .add(c)
        .add(d)
        .add(e)
        .add(f)
        .add(g)
        .add(h)
        .add(i)
        .add(j)
        .add(k)
        .add(l)
        .add(m)
        .add(n)
        .add(o)
        .add(p)
        .lane(0);
  }
}
