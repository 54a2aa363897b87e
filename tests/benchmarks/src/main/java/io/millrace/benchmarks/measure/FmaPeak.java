package io.millrace.benchmarks.measure;

import java.util.ArrayList;
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
 * than the multipliers have stages; which number of them the just-in-time compiler schedules best
 * depends on the width, so that the fastest of 8, 12 and 16 counts. The best window counts, because
 * every disturbance only slows.
 *
 * <p>Not for a JVM that measures kernels: after the chains have run in it, the compiler leaves
 * vectors of kernels compiled later as objects on the heap. {@code bench allocation} showed tens of
 * megabytes a step where there were none. Have the process that starts it measure the peak.
 */
public final class FmaPeak {
  private static final int BITS_256 = 256;

  /** GFLOP/s that no chains reach before the best code is there, and any do afterwards. */
  private static final double COMPILED = 3;

  /** For each chains, at most, to be compiled; that takes long where others use the processors. */
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  /** Some calls of the chains. */
  private static final long SHORT_WINDOW_NANOS = 200_000;

  private static final List<Chains> ALL = chains();

  private FmaPeak() {}

  /**
   * The peak with one width of vectors.
   *
   * @param gflops 1e9 operations per second, a multiply-add being two
   */
  public record Peak(int threads, int vectorBits, double gflops) {}

  /** Runs all chains once and gives a number that depends on them. */
  private interface Call {
    float run();
  }

  /**
   * A number of chains of one width.
   *
   * @param flops of one call
   */
  private record Chains(int vectorBits, double flops, Call call) {

    static Chains of(int vectorBits, int count, Call call) {
      double lanes = (double) vectorBits / Float.SIZE;
      return new Chains(vectorBits, 2 * lanes * count * FmaChains.STEPS, call);
    }

    /** GFLOP/s of the calling thread. */
    double window(long nanos) {
      long start = System.nanoTime();
      long elapsed;
      long calls = 0;
      float sum = 0;
      do {
        sum += call.run();
        calls++;
        elapsed = System.nanoTime() - start;
      } while (elapsed < nanos);
      // The sum is never NaN: using it keeps the chains from being optimized away.
      return Float.isNaN(sum) ? Double.NaN : flops * calls / elapsed;
    }
  }

  /**
   * Measures the preferred width, and 256 bits where that is less, in turn.
   *
   * @param windowMs of each width in a round
   */
  public static List<Peak> measure(int threads, int rounds, int windowMs) {
    double[] best = new double[ALL.size()];
    long windowNanos = windowMs * 1_000_000L * widths().size() / ALL.size();
    warmUp();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < best.length; i++) {
          best[i] = Math.max(best[i], window(pool, threads, ALL.get(i), windowNanos));
        }
      }
    }
    List<Peak> peaks = new ArrayList<>();
    for (int bits : widths()) {
      double gflops = 0;
      for (int i = 0; i < best.length; i++) {
        gflops = ALL.get(i).vectorBits() == bits ? Math.max(gflops, best[i]) : gflops;
      }
      peaks.add(new Peak(threads, bits, gflops));
    }
    return peaks;
  }

  /**
   * The peak of the calling thread, by whichever width is faster, in GFLOP/s: the best of windows
   * of a fraction of a millisecond, which a neighbour often leaves alone.
   */
  public static double ofThisThread(long nanos) {
    warmUp();
    double best = 0;
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      for (Chains chains : ALL) {
        best = Math.max(best, chains.window(SHORT_WINDOW_NANOS));
      }
    }
    return best;
  }

  /** Has the chains compiled; takes next to no time once they are. */
  private static void warmUp() {
    for (Chains chains : ALL) {
      long end = System.nanoTime() + WARM_UP_NANOS;
      double best = 0;
      while (best < COMPILED && System.nanoTime() < end) {
        best = Math.max(best, chains.window(SHORT_WINDOW_NANOS));
      }
    }
  }

  private static List<Integer> widths() {
    return ALL.stream().map(Chains::vectorBits).distinct().toList();
  }

  private static List<Chains> chains() {
    int preferred = FmaChains.SPECIES.vectorBitSize();
    List<Chains> chains = new ArrayList<>();
    chains.add(Chains.of(preferred, 8, FmaChains::chains8));
    chains.add(Chains.of(preferred, 12, FmaChains::chains12));
    chains.add(Chains.of(preferred, 16, FmaChains::chains16));
    if (preferred > BITS_256) {
      chains.add(Chains.of(BITS_256, 8, FmaChains256::chains8));
      chains.add(Chains.of(BITS_256, 12, FmaChains256::chains12));
      chains.add(Chains.of(BITS_256, 16, FmaChains256::chains16));
    }
    return List.copyOf(chains);
  }

  /** GFLOP/s of all threads together. */
  private static double window(ExecutorService pool, int threads, Chains chains, long nanos) {
    Callable<Double> one = () -> chains.window(nanos);
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
