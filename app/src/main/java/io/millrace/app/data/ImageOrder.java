package io.millrace.app.data;

import java.util.OptionalLong;

/**
 * Which image is sent at which position: the same for the same arguments, on every machine and
 * version, so that a sender that stopped can go on at the position where it stopped.
 *
 * <p>Positions count from 0 over all epochs: position {@code p} is in epoch {@code k = p / size}.
 * Without a seed each epoch has the source's own order. With one, epoch {@code k} is a Fisher-Yates
 * shuffle ("inside-out" from the end: for i = size-1 ... 1 swap i with j in [0, i]) of 0 ... size-1
 * by SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014,
 * with the mixing constants of java.util.SplittableRandom in JDK 8) started at {@code seed + k}; j
 * is the upper half of the 128-bit product of a draw and i + 1.
 *
 * <p>Not thread-safe: the current epoch's permutation is kept.
 */
public final class ImageOrder {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final int size;
  private final OptionalLong seed;
  private final long length;
  private final int[] permutation;
  private long epoch = -1;

  /**
   * Creates an order.
   *
   * @param size images in the source, at least 1
   * @param seed shuffles by it; empty keeps the source's order
   * @param length positions in all, over as many epochs as it takes; {@code Long.MAX_VALUE} is for
   *     ever
   */
  public ImageOrder(int size, OptionalLong seed, long length) {
    if (size < 1) {
      throw new IllegalArgumentException("size: expected at least 1, got " + size);
    }
    if (length < 0) {
      throw new IllegalArgumentException("length: expected at least 0, got " + length);
    }
    this.size = size;
    this.seed = seed;
    this.length = length;
    this.permutation = new int[size];
  }

  /** Each image once. */
  public static ImageOrder once(int size, OptionalLong seed) {
    return new ImageOrder(size, seed, size);
  }

  /** Epoch after epoch without an end. */
  public static ImageOrder forever(int size, OptionalLong seed) {
    return new ImageOrder(size, seed, Long.MAX_VALUE);
  }

  /** Number of positions; {@code Long.MAX_VALUE} means without an end. */
  public long length() {
    return length;
  }

  public boolean isEndless() {
    return length == Long.MAX_VALUE;
  }

  /** The source's index of the image at a position from 0 to length - 1. */
  public int at(long position) {
    if (position < 0 || position >= length) {
      throw new IndexOutOfBoundsException(
          "position: expected 0 to " + (length - 1) + ", got " + position);
    }
    int within = (int) (position % size);
    if (seed.isEmpty()) {
      return within;
    }
    long wanted = position / size;
    if (wanted != epoch) {
      shuffle(permutation, seed.getAsLong() + wanted);
      epoch = wanted;
    }
    return permutation[within];
  }

  private static void shuffle(int[] permutation, long seed) {
    for (int i = 0; i < permutation.length; i++) {
      permutation[i] = i;
    }
    long state = seed;
    for (int i = permutation.length - 1; i > 0; i--) {
      state += GOLDEN_GAMMA;
      int j = (int) Math.unsignedMultiplyHigh(mix(state), i + 1L);
      int moved = permutation[i];
      permutation[i] = permutation[j];
      permutation[j] = moved;
    }
  }

  /** Turns SplitMix64's counter into its output. */
  static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
