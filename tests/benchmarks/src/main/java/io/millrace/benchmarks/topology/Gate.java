package io.millrace.benchmarks.topology;

import io.millrace.SkipReason;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.StreamTimes;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Counts a learner's steps, and stops the learner between two of them while another one is
 * measured.
 */
final class Gate implements Observer {
  private static final long STEP_WITHIN_NANOS = TimeUnit.SECONDS.toNanos(90);

  /** Where a learner was when a step had ended. */
  record Mark(long steps, long images, long nanos) {}

  private final Observer observer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean open = true;
  private long steps;
  private long images;
  private long nanos;

  Gate(Observer observer) {
    this.observer = observer;
  }

  /** Lets the learner go on. */
  void open() {
    lock.lock();
    try {
      open = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end of the next step. */
  Mark nextStep() {
    return await(() -> true);
  }

  /** Waits for the end of a step, behind which the learner stays. */
  Mark stop() {
    lock.lock();
    try {
      open = false;
      return await(() -> true);
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end of the first step from now on at which something holds. */
  Mark await(BooleanSupplier condition) {
    lock.lock();
    try {
      long before = steps;
      long end = System.nanoTime() + STEP_WITHIN_NANOS;
      while (steps == before || !condition.getAsBoolean()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw new IllegalStateException(
              "learner: expected a step within 90 s, got none after "
                  + steps
                  + "; it failed, or the topic has no more images");
        }
        long _ = changed.awaitNanos(left);
      }
      return new Mark(steps, images, nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a learner is measured", e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void stepped(int batchSize) {
    observer.stepped(batchSize);
    lock.lock();
    try {
      steps++;
      images += batchSize;
      nanos = System.nanoTime();
      changed.signalAll();
      while (!open) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void started(long step, long restoredImages) {
    observer.started(step, restoredImages);
  }

  @Override
  public void skipped(int batchSize, SkipReason reason, String message) {
    observer.skipped(batchSize, reason, message);
  }

  @Override
  public void paused(String reason) {
    observer.paused(reason);
  }

  @Override
  public void resumed() {
    observer.resumed();
  }

  @Override
  public void published(long version, long step) {
    observer.published(version, step);
  }

  @Override
  public double imagesPerSecond() {
    return observer.imagesPerSecond();
  }

  @Override
  public Map<String, Long> lag() {
    return observer.lag();
  }

  @Override
  public StreamTimes streamTimes() {
    return observer.streamTimes();
  }
}
