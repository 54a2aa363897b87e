package io.millrace.serving;

import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lends the networks of the newest generation and keeps the one before it, to be built anew. So
 * there are never more than two. Building holds no lock: who borrows waits for other borrowers
 * only. Thread-safe; generations come from one thread at a time.
 */
final class GenerationPool implements AutoCloseable {
  // Fair, so that who waited longest is served next.
  private final ReentrantLock lock = new ReentrantLock(true);

  /** A network of the newest generation came back, or there is a newer one. */
  private final Condition available = lock.newCondition();

  /** A generation has all of its networks back. */
  private final Condition unused = lock.newCondition();

  private final Predictor.Options options;
  private @Nullable Generation current;
  private @Nullable Generation retired;
  private boolean closed;

  /** A network that is to be given back. */
  record Loan(Generation generation, LoadedNetwork network) {}

  GenerationPool(Predictor.Options options) {
    this.options = options;
  }

  /** Builds a snapshot and swaps it in; waits until the last call of the one before last ends. */
  void swap(Snapshot snapshot) {
    Generation spare = takeRetired();
    Generation built = Generation.build(snapshot, spare, options);
    lock.lock();
    try {
      if (closed) {
        built.close();
        return;
      }
      retired = current;
      current = built;
      available.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Generation takeRetired() {
    lock.lock();
    try {
      Generation spare = retired;
      while (spare != null && !spare.unused()) {
        unused.awaitUninterruptibly();
      }
      retired = null;
      return spare;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The newest generation's next network; waits while all of them compute.
   *
   * @throws IllegalStateException if there is no generation, or the pool is closed
   */
  Loan lend() {
    lock.lock();
    try {
      while (true) {
        Generation newest = current;
        if (closed) {
          throw new IllegalStateException("predictor: expected one in use, got one that is closed");
        }
        if (newest == null) {
          throw new IllegalStateException(
              "predictor: expected a snapshot, got none yet; wait with"
                  + " SnapshotSubscriber.awaitFirst");
        }
        LoadedNetwork network = newest.lend();
        if (network != null) {
          return new Loan(newest, network);
        }
        available.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("ReferenceEquality") // One generation is one object.
  void giveBack(Loan loan) {
    lock.lock();
    try {
      loan.generation().giveBack(loan.network());
      if (loan.generation() == current) {
        available.signal();
      }
      if (loan.generation().unused()) {
        unused.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the next loan would be of. */
  Optional<Snapshot> snapshot() {
    lock.lock();
    try {
      return Optional.ofNullable(current).map(Generation::snapshot);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the calls under way and ends the networks' threads. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      available.signalAll();
      while ((current != null && !current.unused()) || (retired != null && !retired.unused())) {
        unused.awaitUninterruptibly();
      }
      if (current != null) {
        current.close();
      }
      if (retired != null) {
        retired.close();
      }
      current = null;
      retired = null;
    } finally {
      lock.unlock();
    }
  }
}
