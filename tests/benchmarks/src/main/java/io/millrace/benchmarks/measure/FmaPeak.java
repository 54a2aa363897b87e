package io.millrace.benchmarks.measure;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The most that float arithmetic reaches on this machine from Java: chains of fused multiply-adds
 * that never leave the registers. A chain waits for its own last result, so there are more chains
 * than the multipliers have stages. The best window counts, because every disturbance only slows.
 */
public final class FmaPeak {
  private static final int WARM_UP_MS = 150;

  private FmaPeak() {}

  /**
   * The peak with one width of vectors.
   *
   * @param gflops 1e9 operations per second, a multiply-add being two
   */
  public record Peak(int threads, int vectorBits, double gflops) {}

  /** Measures the preferred width and 256 bits in turn. */
  public static List<Peak> measure(int threads, int rounds, int windowMs) {
    int preferredBits = FmaChains.PREFERRED.vectorBitSize();
    double preferred = 0;
    double bits256 = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      // Compiles both.
      window(pool, threads, WARM_UP_MS, preferredBits);
      window(pool, threads, WARM_UP_MS, 256);
      for (int round = 0; round < rounds; round++) {
        preferred = Math.max(preferred, window(pool, threads, windowMs, preferredBits));
        bits256 = Math.max(bits256, window(pool, threads, windowMs, 256));
      }
    }
    Peak first = new Peak(threads, preferredBits, preferred);
    return preferredBits == 256 ? List.of(first) : List.of(first, new Peak(threads, 256, bits256));
  }

  private static double window(ExecutorService pool, int threads, int windowMs, int bits) {
    Callable<Double> one =
        () -> {
          long start = System.nanoTime();
          long end = start + windowMs * 1_000_000L;
          long blocks = 0;
          float sum = 0;
          do {
            sum += bits == 256 ? FmaChains.bits256() : FmaChains.preferred();
            blocks++;
          } while (System.nanoTime() < end);
          double seconds = (System.nanoTime() - start) * 1e-9;
          int lanes = bits / Float.SIZE;
          double flops = 2.0 * lanes * FmaChains.CHAINS * FmaChains.STEPS * blocks;
          // The sum is never NaN: using it keeps the chains from being optimized away.
          return Float.isNaN(sum) ? Double.NaN : flops / seconds * 1e-9;
        };
    try {
      double total = 0;
      for (Future<Double> rate :
          pool.invokeAll(Stream.generate(() -> one).limit(threads).toList())) {
        total += rate.get();
      }
      return total;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
