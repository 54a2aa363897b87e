package io.millrace.app.dashboard;

import io.millrace.app.http.HttpProblem;
import io.millrace.model.kernel.KernelLookup;
import io.millrace.serving.Answer;
import io.millrace.serving.Predictor;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.ApiException;
import org.jspecify.annotations.Nullable;

/**
 * Predicts with the snapshots that are followed; but follows them only while somebody draws, since
 * each new one costs a network.
 */
final class LazyPredictor implements AutoCloseable {
  private static final int UNAVAILABLE = 503;
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");
  private static final Duration FIRST = Duration.ofSeconds(5);
  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(3);

  private final SubscriberConfig config;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("millrace-page-predictor").daemon().factory());
  private @Nullable Following following;
  private long usedNanos;

  private record Following(Predictor predictor, SnapshotSubscriber subscriber) {
    void close() {
      subscriber.close();
      predictor.close();
    }
  }

  /** A prediction and what made it. */
  record Predicted(Snapshot snapshot, Answer answer, double millis) {}

  /** Makes the input for a network. */
  @FunctionalInterface
  interface Input {
    byte[] pixels(Snapshot snapshot) throws HttpProblem;
  }

  LazyPredictor(SubscriberConfig config) {
    this.config = config;
    var _ = timer.scheduleWithFixedDelay(this::closeIdle, 30, 30, TimeUnit.SECONDS);
  }

  /**
   * Predicts one image with the newest snapshot; one call at a time.
   *
   * @throws HttpProblem if there is no snapshot that may answer
   */
  synchronized Predicted predict(Input input) throws HttpProblem {
    Following open = following();
    usedNanos = System.nanoTime();
    try {
      open.subscriber().awaitFirst(FIRST);
      Snapshot snapshot = open.predictor().snapshot().orElseThrow(this::none);
      byte[] pixels = input.pixels(snapshot);
      long startNanos = System.nanoTime();
      Answer answer = open.predictor().predict(pixels);
      return new Predicted(snapshot, answer, (System.nanoTime() - startNanos) * 1e-6);
    } catch (TimeoutException | ApiException e) {
      throw new HttpProblem(
          UNAVAILABLE, "there is no verified model yet; " + open.subscriber().state(), SOON);
    } catch (IllegalArgumentException e) {
      // The image was measured by this snapshot, but another has taken its place.
      throw new HttpProblem(UNAVAILABLE, "the model was replaced by one of another shape", SOON);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(UNAVAILABLE, "the server closes");
    }
  }

  private HttpProblem none() {
    return new HttpProblem(UNAVAILABLE, "there is no verified model yet", SOON);
  }

  private Following following() {
    Following open = following;
    if (open == null) {
      Predictor predictor = new Predictor(new Predictor.Options(1, 1, 1, KernelLookup.lookup()));
      open = new Following(predictor, SnapshotSubscriber.start(config, predictor));
      following = open;
    }
    return open;
  }

  private synchronized void closeIdle() {
    if (following != null && System.nanoTime() - usedNanos > IDLE_NANOS) {
      following.close();
      following = null;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    synchronized (this) {
      if (following != null) {
        following.close();
        following = null;
      }
    }
  }
}
