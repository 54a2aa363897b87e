package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Pooling with lanes across channels; the channels that do not fill a vector go to the scalar twin.
 * The maximum's backward is a scatter and all scalar.
 */
final class VectorPooling {
  /** As many ints as {@link BlockProduct#SPECIES} has floats. */
  private static final VectorSpecies<Integer> INDICES =
      VectorSpecies.of(int.class, VectorShape.forBitSize(SPECIES.vectorBitSize()));

  private static final IntVector LANE = IntVector.zero(INDICES).addIndex(1);

  private VectorPooling() {}

  /** y = maximum of the window, argmax its place in x; see {@link Kernels#maxPoolForward}. */
  static void maxForward(Pool2dShape s, float[] x, float[] y, int[] argmax, int from, int to) {
    int whole = SPECIES.loopBound(s.c());
    // A vector that is not filled reaches into the next pixel, whose turn comes after; the last
    // sample has no next.
    boolean reach =
        s.c() * s.oh() * s.ow() >= LANES && s.c() * s.ih() * s.iw() >= LANES && to > from;
    for (int n = from; n < to; n++) {
      int channels = reach && n < to - 1 ? s.c() : whole;
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
          for (int c = 0; c < channels; c += LANES) {
            maxWindow(s, x, n, oh * s.sh() - s.ph(), ow * s.sw() - s.pw(), c, y, argmax, pixel + c);
          }
        }
      }
    }
    if (whole < s.c()) {
      ScalarPooling.maxForward(s, whole, x, y, argmax, reach ? to - 1 : from, to);
    }
  }

  private static void maxWindow(
      Pool2dShape s, float[] x, int n, int top, int left, int c, float[] y, int[] argmax, int to) {
    int channels = s.c();
    int width = s.iw();
    int firstH = Math.max(0, top);
    int firstW = Math.max(0, left);
    int endH = Math.min(s.ih(), top + s.kh());
    int endW = Math.min(width, left + s.kw());
    int image = n * s.ih() * width;
    int first = (image + firstH * width + firstW) * channels + c;
    FloatVector best = FloatVector.fromArray(SPECIES, x, first);
    IntVector place = LANE.add(first);
    for (int ih = firstH; ih < endH; ih++) {
      for (int iw = firstW; iw < endW; iw++) {
        int at = (image + ih * width + iw) * channels + c;
        FloatVector value = FloatVector.fromArray(SPECIES, x, at);
        VectorMask<Float> better =
            value.compare(VectorOperators.GT, best).or(value.test(VectorOperators.IS_NAN));
        best = best.blend(value, better);
        place = place.blend(LANE.add(at), better.cast(INDICES));
      }
    }
    best.intoArray(y, to);
    place.intoArray(argmax, to);
  }

  /** y = (0 + the sum of the window over kh, kw) * 1/(kh*kw). */
  static void averageForward(Pool2dShape s, float[] x, float[] y, int from, int to) {
    int whole = SPECIES.loopBound(s.c());
    float factor = ScalarPooling.averageFactor(s);
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
          for (int c = 0; c < whole; c += LANES) {
            int top = oh * s.sh() - s.ph();
            int left = ow * s.sw() - s.pw();
            averageWindow(s, factor, x, n, top, left, c, y, pixel + c);
          }
        }
      }
    }
    if (whole < s.c()) {
      ScalarPooling.averageForward(s, whole, x, y, from, to);
    }
  }

  private static void averageWindow(
      Pool2dShape s, float factor, float[] x, int n, int top, int left, int c, float[] y, int to) {
    int channels = s.c();
    int width = s.iw();
    int firstW = Math.max(0, left);
    int endH = Math.min(s.ih(), top + s.kh());
    int endW = Math.min(width, left + s.kw());
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int ih = Math.max(0, top); ih < endH; ih++) {
      for (int iw = firstW; iw < endW; iw++) {
        int at = ((n * s.ih() + ih) * width + iw) * channels + c;
        sum = sum.add(FloatVector.fromArray(SPECIES, x, at));
      }
    }
    sum.mul(factor).intoArray(y, to);
  }

  /** dx += dy * 1/(kh*kw) at each input of the window; the product is rounded, then added. */
  static void averageBackward(Pool2dShape s, float[] dy, float[] dx, int from, int to) {
    int whole = SPECIES.loopBound(s.c());
    float factor = ScalarPooling.averageFactor(s);
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < s.oh(); oh++) {
        for (int ow = 0; ow < s.ow(); ow++) {
          int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
          for (int c = 0; c < whole; c += LANES) {
            int top = oh * s.sh() - s.ph();
            int left = ow * s.sw() - s.pw();
            averageWindowBackward(s, factor, dy, pixel + c, n, top, left, c, dx);
          }
        }
      }
    }
    if (whole < s.c()) {
      ScalarPooling.averageBackward(s, whole, dy, dx, from, to);
    }
  }

  private static void averageWindowBackward(
      Pool2dShape s,
      float factor,
      float[] dy,
      int from,
      int n,
      int top,
      int left,
      int c,
      float[] dx) {
    int channels = s.c();
    int width = s.iw();
    int firstW = Math.max(0, left);
    int endH = Math.min(s.ih(), top + s.kh());
    int endW = Math.min(width, left + s.kw());
    FloatVector share = FloatVector.fromArray(SPECIES, dy, from).mul(factor);
    for (int ih = Math.max(0, top); ih < endH; ih++) {
      for (int iw = firstW; iw < endW; iw++) {
        int at = ((n * s.ih() + ih) * width + iw) * channels + c;
        FloatVector sum = FloatVector.fromArray(SPECIES, dx, at);
        sum.add(share).intoArray(dx, at);
      }
    }
  }
}
