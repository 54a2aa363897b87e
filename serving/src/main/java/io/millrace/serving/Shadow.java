package io.millrace.serving;

import io.micrometer.core.instrument.Counter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers with one predictor and lets a second one predict the same images afterwards, on a thread
 * of its own, to tell how often they agree. Callers never wait for the second: what its queue does
 * not hold is left out, and counted. Neither predictor is closed by this. Thread-safe.
 */
public final class Shadow implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

  private final Predictor serving;
  private final Predictor shadow;
  private final Listener listener;
  private final ThreadPoolExecutor executor;
  private final Counter agreed;
  private final Counter disagreed;
  private final Counter dropped;
  private final Counter failed;

  /** Hears of each image that both predicted, on the shadow's thread. */
  @FunctionalInterface
  public interface Listener {
    /** Both answers; they agree if their labels do. */
    void onCompared(Answer served, Answer shadowed);
  }

  /**
   * Two predictors, each following a selection of its own.
   *
   * @param queue requests that may wait for the second one
   * @param meters counts images that agreed and disagreed, and requests dropped and failed
   */
  public Shadow(
      Predictor serving, Predictor shadow, int queue, Listener listener, ServingMeters meters) {
    this.serving = serving;
    this.shadow = shadow;
    this.listener = listener;
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queue),
            Thread.ofPlatform().daemon().name("millrace-shadow").factory());
    agreed = meters.counter("shadow.agreed", "Images that both predictors gave one label.");
    disagreed = meters.counter("shadow.disagreed", "Images that they gave different labels.");
    dropped = meters.counter("shadow.dropped", "Requests that the queue had no room for.");
    failed = meters.counter("shadow.failed", "Requests that the second could not answer.");
  }

  /**
   * Predicts images as the first predictor does; they must not be changed afterwards, for the
   * second reads them later.
   */
  public List<Answer> predict(List<byte[]> images) {
    List<Answer> answers = serving.predict(images);
    List<byte[]> kept = List.copyOf(images);
    try {
      executor.execute(() -> compare(kept, answers));
    } catch (RejectedExecutionException e) {
      dropped.increment();
    }
    return answers;
  }

  private void compare(List<byte[]> images, List<Answer> served) {
    try {
      List<Answer> shadowed = shadow.predict(images);
      for (int i = 0; i < served.size(); i++) {
        boolean same = served.get(i).label() == shadowed.get(i).label();
        (same ? agreed : disagreed).increment();
        listener.onCompared(served.get(i), shadowed.get(i));
      }
    } catch (RuntimeException e) {
      failed.increment();
      LOG.debug("shadow: no answer", e);
    }
  }

  /** Ends the thread; what waits is left out. */
  @Override
  public void close() {
    executor.shutdownNow();
  }
}
