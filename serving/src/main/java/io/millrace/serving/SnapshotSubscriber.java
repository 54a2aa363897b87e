package io.millrace.serving;

import io.micrometer.core.instrument.Counter;
import io.millrace.serving.AssemblyResult.Rejected;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
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
 * hands on each that is published; or keeps to one version or an alias, as {@link ModelSelection}
 * says. Reads committed records only. What fails a check is skipped with one logged line, and the
 * last good snapshot stays. While Kafka is away it keeps trying.
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
  private final Events events;
  private volatile @Nullable Snapshot newest;
  private volatile @Nullable ColdStart coldStart;
  private volatile @Nullable SelectionReader reader;
  private volatile String state = "not connected yet";

  /** Whether the present connection has come so far as to read. */
  private volatile boolean connected;

  /** Why the cluster does not let this program in, as long as that is so. */
  private volatile @Nullable ApiException refusal;

  private SnapshotSubscriber(SubscriberConfig config, SnapshotListener listener) {
    this.config = config;
    this.listener = listener;
    events = new ReaderEvents();
    thread = new Thread(this::run, "millrace-snapshots");
    thread.setDaemon(true);
  }

  /** Begins to follow; returns at once. */
  public static SnapshotSubscriber start(SubscriberConfig config, SnapshotListener listener) {
    SnapshotSubscriber subscriber = new SnapshotSubscriber(config, listener);
    subscriber.thread.start();
    return subscriber;
  }

  /** The newest good snapshot of what is selected, if there has been one. */
  public Optional<Snapshot> newest() {
    return Optional.ofNullable(newest);
  }

  /** What it took to find the first snapshot; empty before, and where no newest one is followed. */
  public Optional<ColdStart> coldStart() {
    return Optional.ofNullable(coldStart);
  }

  /** What it is at, for people. */
  public String state() {
    return state;
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
    SelectionReader current = reader;
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
      try (SelectionReader opened = SelectionReader.open(config, events, closing)) {
        reader = opened;
        state = "connecting";
        connected = false;
        opened.run();
      } catch (WakeupException e) {
        LOG.debug("{}: woken to close", config.topic());
      } catch (RuntimeException e) {
        String reason = reason(e);
        state = "last error: " + reason;
        refusal = refusalOf(e);
        backoffMs = connected ? FIRST_BACKOFF_MS : backoffMs;
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

  /** Keeps what the reading thread tells, and tells the listener. */
  private final class ReaderEvents implements Events {
    private final Counter loaded = config.meters().loaded();

    @Override
    public void connected() {
      if (!connected) {
        connected = true;
        refusal = null;
        state = "the topic has no whole snapshot yet";
      }
    }

    @Override
    public void snapshot(Snapshot snapshot) {
      Snapshot before = newest;
      if (before != null
          && config.selection() instanceof ModelSelection.Newest
          && before.model().equals(snapshot.model())
          && before.version() >= snapshot.version()) {
        return;
      }
      LOG.info("{}: {} at step {}", config.topic(), snapshot, snapshot.step());
      loaded.increment();
      newest = snapshot;
      state = "following";
      tell(snapshot, () -> listener.onSnapshot(snapshot));
      first.countDown();
    }

    @Override
    public void rejected(Rejected rejected, String topic, long offset) {
      LOG.warn("{} offset {}: skipped {}", topic, offset, rejected);
      config.meters().rejected(rejected.reason()).increment();
      tell(rejected, () -> listener.onRejected(rejected, topic, offset));
    }

    @Override
    public void alias(String alias, OptionalLong version) {
      LOG.info(
          "{}: alias {} stands for {}",
          config.aliasesTopic(),
          alias,
          version.isPresent() ? "version " + version.getAsLong() : "nothing");
      tell(alias, () -> listener.onAlias(alias, version));
    }

    @Override
    public void unavailable(ModelSelection selection, String reason) {
      LOG.warn("{}: {}; the last good snapshot stays", config.topic(), reason);
      state = reason;
      tell(selection, () -> listener.onUnavailable(selection, reason));
    }

    @Override
    public Optional<Snapshot> current() {
      return newest();
    }

    @Override
    public void coldStart(ColdStart found) {
      if (coldStart == null) {
        coldStart = found;
        LOG.info("{}: {}", config.topic(), found);
      }
    }

    private void tell(Object of, Runnable call) {
      try {
        call.run();
      } catch (RuntimeException e) {
        LOG.error("{}: listener failed on {}", config.topic(), of, e);
      }
    }
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
}
