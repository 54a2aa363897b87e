package io.millrace.serving;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the snapshot topic on a thread of its own: finds the newest whole snapshot first, then
 * hands on each that is published. Reads committed records only. What fails a check is skipped with
 * one logged line, and the last good snapshot stays. While Kafka is away it keeps trying.
 */
public final class SnapshotSubscriber implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSubscriber.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final long REFUSAL_CHECK_NANOS = 100_000_000L;
  private static final long FIRST_BACKOFF_MS = 500;
  private static final long LAST_BACKOFF_MS = 30_000;

  private final SubscriberConfig config;
  private final SnapshotListener listener;
  private final Thread thread;
  private final CountDownLatch first = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable Snapshot newest;
  private volatile @Nullable SnapshotReader reader;
  private volatile String state = "not connected yet";

  /** Why the cluster does not let this program in, as long as that is so. */
  private volatile @Nullable ApiException refusal;

  private SnapshotSubscriber(SubscriberConfig config, SnapshotListener listener) {
    this.config = config;
    this.listener = listener;
    thread = new Thread(this::run, "millrace-snapshots");
    thread.setDaemon(true);
  }

  /** Begins to follow; returns at once. */
  public static SnapshotSubscriber start(SubscriberConfig config, SnapshotListener listener) {
    SnapshotSubscriber subscriber = new SnapshotSubscriber(config, listener);
    subscriber.thread.start();
    return subscriber;
  }

  /** The newest good snapshot, if there has been one. */
  public Optional<Snapshot> newest() {
    return Optional.ofNullable(newest);
  }

  /**
   * Waits until there is a snapshot; returns the newest.
   *
   * @throws TimeoutException if there is none in time; says what the subscriber is at
   * @throws org.apache.kafka.common.errors.AuthenticationException as soon as the cluster refuses
   *     the login; the subscriber itself keeps trying until it is closed
   * @throws org.apache.kafka.common.errors.AuthorizationException as soon as the cluster refuses
   *     the right to READ the topic; the subscriber itself keeps trying until it is closed
   */
  public Snapshot awaitFirst(Duration timeout) throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + timeout.toNanos();
    boolean there;
    long left;
    do {
      ApiException refused = refusal;
      if (refused != null && newest == null) {
        throw refused;
      }
      left = end - System.nanoTime();
      there = first.await(Math.min(left, REFUSAL_CHECK_NANOS), TimeUnit.NANOSECONDS);
    } while (!there && left > 0);
    Snapshot snapshot = newest;
    if (!there || snapshot == null) {
      throw new TimeoutException(
          "topic "
              + config.topic()
              + ": expected a snapshot within "
              + timeout.toMillis()
              + " ms, got none; "
              + state);
    }
    return snapshot;
  }

  /** Stops following; waits for the listener to return, at most 10 s. */
  @Override
  public void close() {
    closing.countDown();
    SnapshotReader current = reader;
    if (current != null) {
      current.wakeup();
    }
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      if (!thread.join(CLOSE_TIMEOUT)) {
        LOG.warn("{}: listener did not return within {}", config.topic(), CLOSE_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
  }

  private void run() {
    long backoffMs = FIRST_BACKOFF_MS;
    while (!closed()) {
      try (SnapshotReader opened = new SnapshotReader(config, model(), this::publish)) {
        reader = opened;
        state = "connecting";
        opened.seekNewest(closing);
        refusal = null;
        backoffMs = FIRST_BACKOFF_MS;
        state = "the topic has no whole snapshot yet";
        opened.follow(closing);
      } catch (WakeupException e) {
        LOG.debug("{}: woken to close", config.topic());
      } catch (RuntimeException e) {
        String reason = reason(e);
        state = "last error: " + reason;
        refusal = refusalOf(e);
        LOG.warn("{}: {}; trying again in {} ms", config.topic(), reason, backoffMs);
        backoffMs = pause(backoffMs);
      } catch (InterruptedException e) {
        // Nobody but close ends this thread, and close does not interrupt.
        LOG.debug("{}: interrupted", config.topic());
      } finally {
        reader = null;
      }
    }
  }

  /** Kafka says of settings that it cannot use only in the cause what is wrong with them. */
  private static String reason(RuntimeException failure) {
    Throwable innermost = failure.getCause();
    while (innermost != null && innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost == null ? failure.toString() : failure + ": " + innermost.getMessage();
  }

  private static @Nullable ApiException refusalOf(RuntimeException failure) {
    return failure instanceof AuthenticationException || failure instanceof AuthorizationException
        ? (ApiException) failure
        : null;
  }

  private void publish(Snapshot snapshot) {
    Snapshot before = newest;
    if (before != null
        && before.model().equals(snapshot.model())
        && before.version() >= snapshot.version()) {
      return;
    }
    newest = snapshot;
    LOG.info("{}: {} at step {}", config.topic(), snapshot, snapshot.step());
    try {
      listener.onSnapshot(snapshot);
    } catch (RuntimeException e) {
      LOG.error("{}: listener failed on {}", config.topic(), snapshot, e);
    }
    first.countDown();
  }

  private long pause(long backoffMs) {
    try {
      boolean closed = closing.await(backoffMs, TimeUnit.MILLISECONDS);
      LOG.debug("{}: {}", config.topic(), closed ? "closing" : "trying again");
    } catch (InterruptedException e) {
      LOG.debug("{}: interrupted while waiting", config.topic());
    }
    return Math.min(2 * backoffMs, LAST_BACKOFF_MS);
  }

  private Optional<String> model() {
    Snapshot snapshot = newest;
    return snapshot == null ? config.model() : Optional.of(snapshot.model());
  }
}
