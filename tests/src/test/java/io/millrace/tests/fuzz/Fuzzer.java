package io.millrace.tests.fuzz;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives every target its share of the inputs. An input is a function of seed, target and index, so
 * the number of threads changes nothing and any input can be made again.
 */
final class Fuzzer {
  private static final int BATCH = 64;
  private static final int WARM_UPS = 20;
  private static final Duration PROGRESS = Duration.ofSeconds(30);

  /** An input that is not done after this much processor time never will be. */
  private static final long HANG_NANOS = 10_000_000_000L;

  private final long seed;
  private long hangNanos = HANG_NANOS;
  private final List<List<FuzzTarget>> targets = new ArrayList<>();
  private final Consumer<String> progress;

  /**
   * @param folder below which each thread has its own
   * @param factory makes the targets of one thread
   */
  Fuzzer(
      long seed,
      int threads,
      Path folder,
      Function<Path, List<FuzzTarget>> factory,
      Consumer<String> progress) {
    this.seed = seed;
    this.progress = progress;
    for (int thread = 0; thread < threads; thread++) {
      targets.add(factory.apply(folder.resolve("thread-" + thread)));
    }
  }

  Fuzzer withHangNanos(long nanos) {
    hangNanos = nanos;
    return this;
  }

  /**
   * Runs this many inputs in all.
   *
   * @param done takes the result of each target as soon as it is there
   */
  List<FuzzResult> run(long inputs, Consumer<FuzzResult> done) throws InterruptedException {
    List<FuzzResult> results = new ArrayList<>();
    List<FuzzTarget> all = targets.getFirst();
    long weights = all.stream().mapToLong(FuzzTarget::weight).sum();
    for (int i = 0; i < all.size(); i++) {
      FuzzResult result = run(i, Math.max(1, inputs * all.get(i).weight() / weights));
      results.add(result);
      progress.accept(result.line());
      done.accept(result);
    }
    return results;
  }

  /** The input of this index. */
  static byte[] input(FuzzTarget target, long seed, long index) {
    long start = seed * 0x9E3779B97F4A7C15L + ((long) target.name().hashCode() << 32) + index;
    return target.input(new SplittableRandom(start));
  }

  private FuzzResult run(int target, long inputs) throws InterruptedException {
    AtomicLong next = new AtomicLong();
    List<Worker> workers = new ArrayList<>();
    for (List<FuzzTarget> own : targets) {
      workers.add(new Worker(own.get(target), inputs, next));
    }
    workers.forEach(Thread::start);
    long told = System.nanoTime();
    while (workers.stream().anyMatch(Thread::isAlive)) {
      workers.getFirst().join(20);
      for (Worker worker : workers) {
        FuzzResult hung = worker.hung();
        if (hung != null) {
          next.set(inputs); // the others stop; the hung one is a daemon
          return hung;
        }
      }
      if (System.nanoTime() - told > PROGRESS.toNanos()) {
        told = System.nanoTime();
        progress.accept(
            String.format("%s: %,d of %,d", workers.getFirst().target.name(), next.get(), inputs));
      }
    }
    return workers.stream().map(worker -> worker.result).reduce(FuzzResult::merge).orElseThrow();
  }

  private final class Worker extends Thread {
    private final FuzzTarget target;
    private final long inputs;
    private final AtomicLong next;
    private final FuzzResult result;
    private volatile byte @Nullable [] current;
    private volatile long currentIndex;
    private volatile long currentStart;

    Worker(FuzzTarget target, long inputs, AtomicLong next) {
      super("fuzz-" + target.name());
      setDaemon(true);
      this.target = target;
      this.inputs = inputs;
      this.next = next;
      this.result = new FuzzResult(target);
    }

    @Override
    public void run() {
      for (int i = 0; i < WARM_UPS; i++) {
        for (byte[] valid : target.seeds()) {
          if (target.run(valid) != FuzzTarget.Outcome.ACCEPTED) {
            throw new IllegalStateException(target.name() + ": a seed is rejected");
          }
        }
      }
      for (long from = next.getAndAdd(BATCH); from < inputs; from = next.getAndAdd(BATCH)) {
        for (long index = from; index < Math.min(from + BATCH, inputs); index++) {
          one(index);
        }
      }
    }

    private void one(long index) {
      byte[] input = Fuzzer.input(target, seed, index);
      currentStart = FuzzProbe.cpuNanos(this);
      currentIndex = index;
      current = input;
      result.add(index, input, FuzzProbe.run(target, input));
      current = null;
    }

    /** The finding of an input that does not end, or null. */
    @Nullable FuzzResult hung() {
      byte[] input = current;
      if (input == null || FuzzProbe.cpuNanos(this) - currentStart < hangNanos) {
        return null;
      }
      FuzzTarget.FaultException fault = new FuzzTarget.FaultException("does not end");
      fault.setStackTrace(getStackTrace());
      FuzzResult hung = new FuzzResult(target);
      hung.add(currentIndex, input, new FuzzProbe.Result(null, hangNanos, 0, fault));
      return hung;
    }
  }
}
