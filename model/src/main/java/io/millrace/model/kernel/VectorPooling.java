package io.millrace.model.kernel;

import static io.millrace.model.kernel.BlockProduct.LANES;
import static io.millrace.model.kernel.BlockProduct.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.IS_NAN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
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
    int height = s.oh();
    int width = s.ow();
    int whole = SPECIES.loopBound(s.c());
    // A vector that is not filled reaches into the next pixels, whose turn comes after. It must not
    // reach beyond the last sample, which is another thread's.
    int reach = whole < s.c() ? whole + LANES : whole;
    int last = to * height * width * s.c() - reach;
    boolean fours = s.kh() == 2 && s.kw() == 2 && s.ph() == 0 && s.pw() == 0;
    for (int n = from; n < to; n++) {
      for (int oh = 0; oh < height; oh++) {
        int done = 0;
        if (fours) {
          int row = (n * height + oh) * width * s.c();
          done = last < row ? 0 : Math.min(width, (last - row) / s.c() + 1);
          int x0 = (n * s.ih() + oh * s.sh()) * s.iw() * s.c();
          maxOfFour(s, done, x, x0, y, argmax, row);
        }
        for (int ow = done; ow < width; ow++) {
          maxWindow(s, x, n, oh, ow, whole, reach, last, y, argmax);
        }
      }
    }
  }

  private static void maxWindow(
      Pool2dShape s,
      float[] x,
      int n,
      int oh,
      int ow,
      int whole,
      int reach,
      int last,
      float[] y,
      int[] argmax) {
    int pixel = ((n * s.oh() + oh) * s.ow() + ow) * s.c();
    int top = oh * s.sh() - s.ph();
    int left = ow * s.sw() - s.pw();
    int endH = Math.min(s.ih(), top + s.kh());
    int endW = Math.min(s.iw(), left + s.kw());
    int lastX = ((n * s.ih() + endH - 1) * s.iw() + endW - 1) * s.c();
    int channels = pixel <= last && lastX + reach <= x.length ? s.c() : whole;
    for (int c = 0; c < channels; c += LANES) {
      maxChannels(s, x, n, top, left, c, y, argmax, pixel + c);
    }
    if (channels < s.c()) {
      ScalarPooling.maxWindow(s, channels, x, y, argmax, n, oh, ow);
    }
  }

  /** A row of windows of 2 by 2 without padding, the common case. */
  private static void maxOfFour(
      Pool2dShape s, int count, float[] x, int from, float[] y, int[] argmax, int to) {
    int c = s.c();
    int step = s.sw() * c;
    int down = s.iw() * c;
    // The bits of ints, which the masks of floats can blend.
    FloatVector here = LANE.reinterpretAsFloats();
    FloatVector atRight = LANE.add(c).reinterpretAsFloats();
    FloatVector atBelow = LANE.add(down).reinterpretAsFloats();
    FloatVector atAcross = LANE.add(down + c).reinterpretAsFloats();
    for (int w = 0; w < count; w++) {
      for (int i = 0; i < c; i += LANES) {
        int at = from + w * step + i;
        FloatVector best = FloatVector.fromArray(SPECIES, x, at);
        FloatVector right = FloatVector.fromArray(SPECIES, x, at + c);
        VectorMask<Float> better = right.compare(GT, best).or(right.test(IS_NAN));
        best = best.blend(right, better);
        FloatVector place = here.blend(atRight, better);
        FloatVector below = FloatVector.fromArray(SPECIES, x, at + down);
        better = below.compare(GT, best).or(below.test(IS_NAN));
        best = best.blend(below, better);
        place = place.blend(atBelow, better);
        FloatVector across = FloatVector.fromArray(SPECIES, x, at + down + c);
        better = across.compare(GT, best).or(across.test(IS_NAN));
        best.blend(across, better).intoArray(y, to + w * c + i);
        place.blend(atAcross, better).reinterpretAsInts().add(at).intoArray(argmax, to + w * c + i);
      }
    }
  }

  private static void maxChannels(
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
        VectorMask<Float> better = value.compare(GT, best).or(value.test(IS_NAN));
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
