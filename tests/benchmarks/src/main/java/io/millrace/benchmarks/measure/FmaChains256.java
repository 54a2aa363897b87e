package io.millrace.benchmarks.measure;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link FmaChains} in vectors of 256 bits. */
final class FmaChains256 {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_256;

  /** Multiply-adds of a chain in one call. */
  static final int STEPS = 10_000;

  private FmaChains256() {}

  // Each chain goes to 2: s = s / 2 + 1.

  static float chains8() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    for (int step = 0; step < STEPS; step++) {
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

  static float chains12() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    FloatVector i = half, j = one, k = half, l = one;
    for (int step = 0; step < STEPS; step++) {
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
    FloatVector low = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h);
    FloatVector high = i.add(j).add(k).add(l);
    return low.add(high).lane(0);
  }

  static float chains16() {
    FloatVector half = FloatVector.broadcast(SPECIES, 0.5f);
    FloatVector one = FloatVector.broadcast(SPECIES, 1);
    FloatVector a = half, b = one, c = half, d = one;
    FloatVector e = half, f = one, g = half, h = one;
    FloatVector i = half, j = one, k = half, l = one;
    FloatVector m = half, n = one, o = half, p = one;
    for (int step = 0; step < STEPS; step++) {
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
    FloatVector low = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h);
    FloatVector high = i.add(j).add(k).add(l).add(m).add(n).add(o).add(p);
    return low.add(high).lane(0);
  }
}
