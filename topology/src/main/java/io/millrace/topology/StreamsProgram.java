package io.millrace.topology;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka Streams from start to close, with what ended it: the first failure, a wall clock that is
 * set back, or nothing but {@link #close}.
 */
final class StreamsProgram implements RunningStreams, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamsProgram.class);

  /** So many in the life of a process are a busy machine; more are a setting that cannot work. */
  private static final int LOST_TRANSACTIONS = 10;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final KafkaStreams streams;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger lostTransactions = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final List<KafkaStreamsMetrics> binders = new CopyOnWriteArrayList<>();
  private final ClockWatch clockWatch;

  /**
   * A program that does not run yet.
   *
   * @param name of what it does, for the log
   */
  StreamsProgram(String name, KafkaStreams streams) {
    this.name = name;
    this.streams = streams;
    streams.setUncaughtExceptionHandler(this::answer);
    streams.setStateListener((now, before) -> {
      say(now);
      if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
        stopped.countDown();
      }
    });
    this.clockWatch =
        ClockWatch.start(setBack -> {
          fail(setBack);
          streams.close(Duration.ZERO);
        });
  }

  void start() {
    streams.start();
  }

  /** Tells of the states that mean something to an operator. */
  private void say(KafkaStreams.State state) {
    String event =
        switch (state) {
          case REBALANCING -> "rebalancing";
          case RUNNING -> "running";
          case PENDING_SHUTDOWN -> "stopping";
          case NOT_RUNNING -> "stopped";
          case CREATED, PENDING_ERROR, ERROR -> "";
        };
    if (event.isEmpty()) {
      LOG.debug("{}: {}", name, state);
    } else {
      LOG.atInfo().addKeyValue("program", name).log(event);
    }
  }

  @Override
  public StreamsHealth health() {
    return StreamsHealthCheck.of(streams, failure());
  }

  @Override
  public MeterBinder kafkaMeters() {
    return registry -> {
      KafkaStreamsMetrics binder = new KafkaStreamsMetrics(streams);
      binders.add(binder);
      binder.bindTo(registry);
    };
  }

  private StreamThreadExceptionResponse answer(Throwable exception) {
    if (isLostTransaction(exception) && lostTransactions.incrementAndGet() <= LOST_TRANSACTIONS) {
      LOG.warn(
          "{}: the broker ended a transaction that took too long; nothing is lost, it is done"
              + " again",
          name);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    fail(exception);
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  /** In mid-commit Streams takes this for fatal, where elsewhere it restores the task by itself. */
  private static boolean isLostTransaction(Throwable exception) {
    for (Throwable cause = exception; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidTxnStateException) {
        return true;
      }
    }
    return false;
  }

  /** Ends the wait for the end, with a reason; the first one counts. */
  void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    // Whoever runs the program asks for failure(), and Kafka Streams logs its own as errors.
    LOG.debug("{} stops", name, cause);
    stopped.countDown();
  }

  /** Waits until it has stopped or the time is up; true if it has stopped. */
  boolean awaitStopped(Duration timeout) throws InterruptedException {
    return stopped.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What ended it, if something did. */
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Commits what was done and stops. */
  @Override
  public void close() {
    clockWatch.close();
    // Before the clients that they ask are gone.
    binders.forEach(KafkaStreamsMetrics::close);
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn(
          "{}: did not stop within {} s; what was not committed is done again at the next start",
          name,
          CLOSE_TIMEOUT.toSeconds());
    }
  }
}
