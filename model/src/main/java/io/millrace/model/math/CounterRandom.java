package io.millrace.model.math;

/**
 * Random numbers without state: each is a function of seed, step, site and index, so that threads,
 * shards and restarts cannot change it.
 *
 * <p>The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011). The key is the seed; the counter is made of step (64 bits), site (32 bits)
 * and index. One block gives four words: indices 4b to 4b+3 share block b.
 */
public final class CounterRandom {
  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;

  /**
   * Set in the block number of Gaussians, which keeps them apart from the bits of the same site.
   */
  private static final int GAUSSIAN_BLOCKS = 1 << 31;

  private static final float FLOAT_UNIT = 0x1p-24f;
  private static final double DOUBLE_UNIT = 0x1p-53;

  private CounterRandom() {}

  /** 32 random bits; index counts as unsigned. */
  public static int bits(long seed, long step, int site, int index) {
    return philox(seed, step, site, index >>> 2, index & 3);
  }

  /** Uniform on the multiples of 2^-24 in [0, 1). */
  public static float uniform(long seed, long step, int site, int index) {
    return (bits(seed, step, site, index) >>> 8) * FLOAT_UNIT;
  }

  /**
   * Standard normal by Box and Muller's formula on two 53-bit uniforms.
   *
   * @param index 0 or more
   * @throws IllegalArgumentException if the index is negative
   */
  public static double gaussian(long seed, long step, int site, int index) {
    if (index < 0) {
      throw new IllegalArgumentException("gaussian: expected an index of 0 or more, got " + index);
    }
    int block = index | GAUSSIAN_BLOCKS;
    long a = philoxPair(seed, step, site, block, 0);
    long b = philoxPair(seed, step, site, block, 2);
    // The radius needs a uniform in (0, 1], because of log(0).
    double radius = StrictMath.sqrt(-2 * StrictMath.log(((a >>> 11) + 1) * DOUBLE_UNIT));
    return radius * StrictMath.cos(2 * StrictMath.PI * ((b >>> 11) * DOUBLE_UNIT));
  }

  private static long philoxPair(long seed, long step, int site, int block, int word) {
    long high = philox(seed, step, site, block, word);
    long low = philox(seed, step, site, block, word + 1);
    return high << 32 | (low & 0xFFFFFFFFL);
  }

  /** Word {@code word} of the block with counter (block, site, step low, step high). */
  static int philox(long seed, long step, int site, int block, int word) {
    int c0 = block;
    int c1 = site;
    int c2 = (int) step;
    int c3 = (int) (step >>> 32);
    int k0 = (int) seed;
    int k1 = (int) (seed >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long p0 = MULTIPLIER_0 * (c0 & 0xFFFFFFFFL);
      long p1 = MULTIPLIER_1 * (c2 & 0xFFFFFFFFL);
      c0 = (int) (p1 >>> 32) ^ c1 ^ k0;
      c1 = (int) p1;
      c2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c3 = (int) p0;
      k0 += WEYL_0;
      k1 += WEYL_1;
    }
    return switch (word) {
      case 0 -> c0;
      case 1 -> c1;
      case 2 -> c2;
      default -> c3;
    };
  }
}
