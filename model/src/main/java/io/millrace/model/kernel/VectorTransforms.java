package io.millrace.model.kernel;

import static io.millrace.model.kernel.Winograd.HALF_ROOT2;
import static io.millrace.model.kernel.Winograd.PATCH;
import static io.millrace.model.kernel.Winograd.QUARTER_ROOT2;
import static io.millrace.model.kernel.Winograd.ROOT2;
import static io.millrace.model.kernel.Winograd.TILE;
import static io.millrace.model.kernel.Winograd.TWICE_ROOT2;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The two-dimensional transforms of {@link Winograd} for all channels of a tile: its rows into a
 * buffer, then the buffer's columns. The one-dimensional ones do what those of the scalar twin do,
 * in the same order. Their factors are constants of the class, because C2 allocates vectors where
 * one method broadcasts a factor twice.
 */
final class VectorTransforms {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  private static final FloatVector MINUS_2 = FloatVector.broadcast(SPECIES, -2f);
  private static final FloatVector MINUS_ROOT2 = FloatVector.broadcast(SPECIES, -ROOT2);
  private static final FloatVector ROOT_2 = FloatVector.broadcast(SPECIES, ROOT2);
  private static final FloatVector HALF_ROOT_2 = FloatVector.broadcast(SPECIES, HALF_ROOT2);
  private static final FloatVector MINUS_HALF_ROOT_2 = FloatVector.broadcast(SPECIES, -HALF_ROOT2);
  private static final FloatVector MINUS_HALF = FloatVector.broadcast(SPECIES, -0.5f);
  private static final FloatVector MINUS_2_5 = FloatVector.broadcast(SPECIES, -2.5f);
  private static final FloatVector TWO = FloatVector.broadcast(SPECIES, 2f);
  private static final FloatVector HALF = FloatVector.broadcast(SPECIES, 0.5f);
  private static final FloatVector QUARTER_ROOT_2 = FloatVector.broadcast(SPECIES, QUARTER_ROOT2);
  private static final FloatVector TWICE_ROOT_2 = FloatVector.broadcast(SPECIES, TWICE_ROOT2);

  private VectorTransforms() {}

  /** V = B' d B: d at rows of {@code down} floats, to 36 points {@code step} floats apart. */
  static void input(
      float[] d, int at, int down, int channels, float[] work, int rows, int v, int step) {
    for (int i = 0; i < PATCH; i++) {
      int row = rows + i * PATCH * channels;
      input(d, at + i * down, channels, work, row, channels, channels);
    }
    for (int j = 0; j < PATCH; j++) {
      int column = rows + j * channels;
      input(work, column, PATCH * channels, work, v + j * step, PATCH * step, channels);
    }
  }

  /** B dV B': 36 points to a patch [6][6][channels]. */
  static void inputGradient(float[] work, int v, int step, int channels, int rows, int patch) {
    for (int i = 0; i < PATCH; i++) {
      int row = rows + i * PATCH * channels;
      inputGradient(work, v + i * PATCH * step, step, work, row, channels, channels);
    }
    for (int j = 0; j < PATCH; j++) {
      int column = rows + j * channels;
      int to = patch + j * channels;
      inputGradient(work, column, PATCH * channels, work, to, PATCH * channels, channels);
    }
  }

  /** A' M A: 36 points to a tile [4][4][channels]. */
  static void output(float[] work, int m, int step, int channels, int rows, int patch) {
    for (int i = 0; i < PATCH; i++) {
      int row = rows + i * TILE * channels;
      output(work, m + i * PATCH * step, step, work, row, channels, channels);
    }
    for (int j = 0; j < TILE; j++) {
      int column = rows + j * channels;
      int to = patch + j * channels;
      output(work, column, TILE * channels, work, to, TILE * channels, channels);
    }
  }

  /** W = A dy A': dy at rows of {@code down} floats, to 36 points {@code step} floats apart. */
  static void outputGradient(
      float[] dy, int at, int down, int channels, float[] work, int rows, int w, int step) {
    for (int i = 0; i < TILE; i++) {
      int row = rows + i * PATCH * channels;
      outputGradient(dy, at + i * down, channels, work, row, channels, channels);
    }
    for (int j = 0; j < PATCH; j++) {
      int column = rows + j * channels;
      outputGradient(work, column, PATCH * channels, work, w + j * step, PATCH * step, channels);
    }
  }

  /** result = a + b, of whole vectors. */
  static void sum(float[] a, int aAt, float[] b, int bAt, float[] result, int at, int count) {
    for (int c = 0; c < count; c += LANES) {
      load(a, aAt + c).add(load(b, bAt + c)).intoArray(result, at + c);
    }
  }

  private static void input(
      float[] s, int at, int step, float[] t, int to, int toStep, int channels) {
    for (int c = 0; c < channels; c += LANES) {
      int from = at + c;
      int into = to + c;
      FloatVector d0 = load(s, from), d1 = load(s, from + step), d2 = load(s, from + 2 * step);
      FloatVector d3 = load(s, from + 3 * step), d4 = load(s, from + 4 * step);
      FloatVector d5 = load(s, from + 5 * step);
      FloatVector even1 = fma(d2, MINUS_2, d4);
      FloatVector odd1 = fma(d3, HALF_ROOT_2, d1.mul(MINUS_ROOT2));
      FloatVector even2 = fma(d2, MINUS_HALF, d4);
      FloatVector odd2 = fma(d3, ROOT_2, d1.mul(MINUS_HALF_ROOT_2));
      fma(d2, MINUS_2_5, d0.add(d4)).intoArray(t, into);
      even1.add(odd1).intoArray(t, into + toStep);
      even1.sub(odd1).intoArray(t, into + 2 * toStep);
      even2.add(odd2).intoArray(t, into + 3 * toStep);
      even2.sub(odd2).intoArray(t, into + 4 * toStep);
      fma(d3, MINUS_2_5, d1.add(d5)).intoArray(t, into + 5 * toStep);
    }
  }

  private static void inputGradient(
      float[] s, int at, int step, float[] t, int to, int toStep, int channels) {
    for (int c = 0; c < channels; c += LANES) {
      int from = at + c;
      int into = to + c;
      FloatVector v0 = load(s, from), v1 = load(s, from + step), v2 = load(s, from + 2 * step);
      FloatVector v3 = load(s, from + 3 * step), v4 = load(s, from + 4 * step);
      FloatVector v5 = load(s, from + 5 * step);
      FloatVector sum1 = v1.add(v2), difference1 = v1.sub(v2);
      FloatVector sum2 = v3.add(v4), difference2 = v3.sub(v4);
      v0.intoArray(t, into);
      fma(difference2, MINUS_HALF_ROOT_2, fma(difference1, MINUS_ROOT2, v5))
          .intoArray(t, into + toStep);
      fma(sum2, MINUS_HALF, fma(sum1, MINUS_2, v0.mul(MINUS_2_5))).intoArray(t, into + 2 * toStep);
      fma(difference2, ROOT_2, fma(difference1, HALF_ROOT_2, v5.mul(MINUS_2_5)))
          .intoArray(t, into + 3 * toStep);
      v0.add(sum1).add(sum2).intoArray(t, into + 4 * toStep);
      v5.intoArray(t, into + 5 * toStep);
    }
  }

  private static void output(
      float[] s, int at, int step, float[] t, int to, int toStep, int channels) {
    for (int c = 0; c < channels; c += LANES) {
      int from = at + c;
      int into = to + c;
      FloatVector m1 = load(s, from + step), m2 = load(s, from + 2 * step);
      FloatVector m3 = load(s, from + 3 * step), m4 = load(s, from + 4 * step);
      FloatVector sum1 = m1.add(m2), difference1 = m1.sub(m2);
      FloatVector sum2 = m3.add(m4), difference2 = m3.sub(m4);
      FloatVector m5 = load(s, from + 5 * step);
      load(s, from).add(sum1).add(sum2).intoArray(t, into);
      fma(difference2, ROOT_2, difference1.mul(HALF_ROOT_2)).intoArray(t, into + toStep);
      fma(sum2, TWO, sum1.mul(HALF)).intoArray(t, into + 2 * toStep);
      fma(difference2, TWICE_ROOT_2, fma(difference1, QUARTER_ROOT_2, m5))
          .intoArray(t, into + 3 * toStep);
    }
  }

  private static void outputGradient(
      float[] s, int at, int step, float[] t, int to, int toStep, int channels) {
    for (int c = 0; c < channels; c += LANES) {
      int from = at + c;
      int into = to + c;
      FloatVector y0 = load(s, from), y1 = load(s, from + step);
      FloatVector y2 = load(s, from + 2 * step), y3 = load(s, from + 3 * step);
      FloatVector even1 = fma(y2, HALF, y0);
      FloatVector odd1 = fma(y3, QUARTER_ROOT_2, y1.mul(HALF_ROOT_2));
      FloatVector even2 = fma(y2, TWO, y0);
      FloatVector odd2 = fma(y3, TWICE_ROOT_2, y1.mul(ROOT_2));
      y0.intoArray(t, into);
      even1.add(odd1).intoArray(t, into + toStep);
      even1.sub(odd1).intoArray(t, into + 2 * toStep);
      even2.add(odd2).intoArray(t, into + 3 * toStep);
      even2.sub(odd2).intoArray(t, into + 4 * toStep);
      y3.intoArray(t, into + 5 * toStep);
    }
  }

  private static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
    return a.fma(b, c);
  }

  private static FloatVector load(float[] array, int at) {
    return FloatVector.fromArray(SPECIES, array, at);
  }
}
