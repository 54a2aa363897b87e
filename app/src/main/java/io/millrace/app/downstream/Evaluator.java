package io.millrace.app.downstream;

import io.millrace.app.process.Threads;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures each snapshot as it arrives, on a thread of its own. Where snapshots arrive faster than
 * they can be measured, only the newest is.
 */
public final class Evaluator implements SnapshotListener, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);
  private static final int BATCH = 64;

  private final HeldOut heldOut;
  private final int sample;
  private final Consumer<Evaluation> listener;
  private final Predictor predictor =
      new Predictor(new Predictor.Options(1, 1, BATCH, KernelLookup.lookup()));
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private @Nullable Snapshot waiting;
  private boolean closed;

  /**
   * Starts to wait for snapshots.
   *
   * @param sample images to measure each with
   * @param listener takes each result, on the evaluator's thread
   */
  public Evaluator(HeldOut heldOut, int sample, Consumer<Evaluation> listener) {
    this.heldOut = heldOut;
    this.sample = sample;
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("millrace-evaluator").start(this::measureAll);
  }

  @Override
  public void onSnapshot(Snapshot snapshot) {
    lock.lock();
    try {
      waiting = snapshot;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Measures one snapshot with all held-out images, at once and on the caller's thread. */
  public static Evaluation measure(Snapshot snapshot, HeldOut heldOut, int threads) {
    try (Predictor predictor =
        new Predictor(new Predictor.Options(1, threads, BATCH, KernelLookup.lookup()))) {
      return measure(predictor, snapshot, heldOut, heldOut.size());
    }
  }

  private static Evaluation measure(
      Predictor predictor, Snapshot snapshot, HeldOut heldOut, int images) {
    predictor.onSnapshot(snapshot);
    int measured = Math.min(images, heldOut.size());
    int correct = heldOut.correct(predictor, measured);
    return new Evaluation(
        snapshot, correct, measured, System.currentTimeMillis() - snapshot.publishedMs());
  }

  private void measureAll() {
    try {
      for (Snapshot snapshot = next(); snapshot != null; snapshot = next()) {
        listener.accept(measure(predictor, snapshot, heldOut, sample));
      }
    } catch (RuntimeException e) {
      LOG.error("evaluator: stops: {}", e.getMessage(), e);
    }
  }

  private @Nullable Snapshot next() {
    lock.lock();
    try {
      while (waiting == null && !closed) {
        changed.awaitUninterruptibly();
      }
      Snapshot next = closed ? null : waiting;
      waiting = null;
      return next;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    Threads.join(thread);
    predictor.close();
  }
}
