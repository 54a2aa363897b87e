package io.millrace.model.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A fixed pool that runs the shards of a minibatch. The number of shards never depends on the
 * number of threads: threads only decide who computes a shard, so results cannot depend on them.
 *
 * <p>A run allocates nothing. One caller at a time: a second or nested call of {@link #run} throws.
 */
public final class Workers implements AutoCloseable {
  /** The parts that a minibatch is cut into, whatever the threads. */
  public static final int SHARDS = 8;

  /** Polls before a thread parks: some tens of microseconds, about what waking it would cost. */
  private static final int SPINS = 1_000;

  /** The low bits of a ticket count the shards taken; the rest is the number of the run. */
  private static final int COUNT_BITS = 8;

  private static final int COUNT_MASK = (1 << COUNT_BITS) - 1;

  /** One shard's part of a computation; it may run on any thread. */
  @FunctionalInterface
  public interface ShardTask {
    void run(int shard);
  }

  private final int threads;
  private final int spins;
  private final Worker[] workers;
  private final AtomicBoolean running = new AtomicBoolean();

  /** Run number and shards taken in one word, so that a late worker cannot take from a new run. */
  private final AtomicLong ticket = new AtomicLong(SHARDS);

  private final AtomicInteger finished = new AtomicInteger();
  private @Nullable ShardTask task;
  private volatile @Nullable Thread waitingCaller;
  private volatile boolean closed;

  private final Object failureLock = new Object();
  private @Nullable Throwable failure;
  private int failedShard;

  /**
   * Starts the pool.
   *
   * @param threads at least 1, the caller's included; more than {@link #SHARDS} find nothing to do
   *     and are not started
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("workers: expected at least 1 thread, got " + threads);
    }
    this.threads = Math.min(threads, SHARDS);
    // With more threads than processors a spinning thread would hold up the one it waits for.
    this.spins = this.threads <= Runtime.getRuntime().availableProcessors() ? SPINS : 0;
    workers = new Worker[this.threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
    }
    for (Worker worker : workers) {
      worker.start();
    }
  }

  /** Threads that share the shards, the caller's included. */
  public int threads() {
    return threads;
  }

  /** The first of n items that belong to a shard: n * shard / SHARDS. */
  public static int from(int shard, int n) {
    return (int) ((long) n * shard / SHARDS);
  }

  /** The item after a shard's last. */
  public static int to(int shard, int n) {
    return from(shard + 1, n);
  }

  /**
   * Runs shards 0 to {@link #SHARDS} - 1 on the caller and the pool and returns when all are done.
   * What a shard throws does not stop the others; then that of the lowest shard is rethrown.
   *
   * @throws IllegalStateException if a run is under way or the pool is closed
   */
  public void run(ShardTask task) {
    if (closed) {
      throw new IllegalStateException("workers: closed; create new ones");
    }
    if (!running.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "workers: a run is under way; expected one caller at a time, and none from a shard");
    }
    try {
      this.task = task;
      finished.set(0);
      ticket.set(((ticket.get() >>> COUNT_BITS) + 1) << COUNT_BITS);
      for (Worker worker : workers) {
        worker.wake();
      }
      takeShards();
      awaitOthers();
      this.task = null;
      rethrowFailure();
    } finally {
      running.set(false);
    }
  }

  /**
   * Which of the {@link #threads()} calls: 0 for the caller of a run, so that each has memory of
   * its own.
   */
  public int slot() {
    return Thread.currentThread() instanceof Worker worker && worker.pool() == this
        ? worker.slot
        : 0;
  }

  /** Ends the threads; they finish the shard at hand first. */
  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      LockSupport.unpark(worker);
    }
  }

  private void takeShards() {
    for (; ; ) {
      long taken = ticket.get();
      int shard = (int) (taken & COUNT_MASK);
      if (shard >= SHARDS) {
        return;
      }
      // The task belongs to the ticket if the exchange succeeds: it is only replaced after all
      // shards of its run are done, this one included.
      ShardTask current = task;
      if (current != null && ticket.compareAndSet(taken, taken + 1)) {
        runShard(current, shard);
      }
    }
  }

  // Whatever a shard throws has to reach the caller, errors included.
  @SuppressWarnings("CatchThrowable")
  private void runShard(ShardTask current, int shard) {
    try {
      current.run(shard);
    } catch (Throwable e) {
      recordFailure(e, shard);
    } finally {
      if (finished.incrementAndGet() == SHARDS) {
        LockSupport.unpark(waitingCaller);
      }
    }
  }

  private void recordFailure(Throwable e, int shard) {
    synchronized (failureLock) {
      if (failure == null || shard < failedShard) {
        failure = e;
        failedShard = shard;
      }
    }
  }

  private void awaitOthers() {
    for (int i = 0; i < spins && finished.get() < SHARDS; i++) {
      Thread.onSpinWait();
    }
    if (finished.get() < SHARDS) {
      waitingCaller = Thread.currentThread();
      while (finished.get() < SHARDS) {
        LockSupport.park(this);
      }
      waitingCaller = null;
    }
  }

  private void rethrowFailure() {
    Throwable thrown;
    synchronized (failureLock) {
      thrown = failure;
      failure = null;
    }
    switch (thrown) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      // A shard task declares no checked exception, so only a sneaky one comes here.
      case Throwable e -> throw new IllegalStateException("workers: a shard failed", e);
    }
  }

  private final class Worker extends Thread {
    private final int slot;
    private volatile boolean parked;

    Worker(int slot) {
      super("millrace-worker-" + slot);
      this.slot = slot;
      setDaemon(true);
    }

    Workers pool() {
      return Workers.this;
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    @Override
    public void run() {
      while (!closed) {
        takeShards();
        awaitRun();
      }
    }

    private boolean idle() {
      return (ticket.get() & COUNT_MASK) >= SHARDS && !closed;
    }

    private void awaitRun() {
      for (int i = 0; i < spins && idle(); i++) {
        Thread.onSpinWait();
      }
      // Announced before the check, so that whoever starts a run after it wakes this thread.
      parked = true;
      while (idle()) {
        LockSupport.park(Workers.this);
      }
      parked = false;
    }
  }
}
