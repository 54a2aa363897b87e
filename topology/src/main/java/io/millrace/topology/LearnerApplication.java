package io.millrace.topology;

import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.StepTime;
import io.millrace.topology.learn.ThroughputObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running learner: the topology on Kafka Streams, from start to close. */
public final class LearnerApplication implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LearnerApplication.class);

  /** So many in the life of a process are a busy machine; more are a setting that cannot work. */
  private static final int LOST_TRANSACTIONS = 10;

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final KafkaStreams streams;
  private final ImageGate gate;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicInteger lostTransactions = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicReference<String> pausedBecause = new AtomicReference<>();
  private final ClockWatch clockWatch;

  /** Makes the instance of Kafka Streams that runs a topology with Millrace's clients. */
  public interface Streams {
    KafkaStreams create(Topology topology, Properties properties, KafkaClientSupplier clients);
  }

  private LearnerApplication(LearnerConfig config, Streams factory, UnaryOperator<Observer> watch) {
    gate = new ImageGate(config.topics().images());
    ConsumerLag lag = new ConsumerLag(config.topics().images());
    Observer observer =
        watch.apply(new ThroughputObserver(lag::byPartition, this::pause, this::resume));
    PollPlan plan = PollPlan.of(config, StepTime.measureMs(config));
    plan.warnings().forEach(LOG::warn);
    Properties properties = StreamsProperties.of(config);
    properties.putAll(plan.properties());
    this.streams =
        factory.create(MillraceTopology.build(config, observer), properties, gate.clients());
    lag.readFrom(streams::metrics);
    streams.setUncaughtExceptionHandler(exception -> answer(config, exception));
    streams.setStateListener((now, before) -> {
      LOG.debug("learner {}: {} after {}", config.model(), now, before);
      if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
        stopped.countDown();
      }
    });
    this.clockWatch =
        ClockWatch.start(setBack -> {
          fail(config, setBack);
          streams.close(Duration.ZERO);
        });
  }

  private StreamThreadExceptionResponse answer(LearnerConfig config, Throwable exception) {
    if (isLostTransaction(exception) && lostTransactions.incrementAndGet() <= LOST_TRANSACTIONS) {
      LOG.warn(
          "learner {}: the broker ended a transaction that took too long; nothing is lost, it is"
              + " done again",
          config.model());
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    fail(config, exception);
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

  private void fail(LearnerConfig config, Throwable cause) {
    failure.compareAndSet(null, cause);
    // Whoever runs the learner asks for failure(), and Kafka Streams logs its own as errors.
    LOG.debug("learner {} stops", config.model(), cause);
  }

  /** Starts to learn; returns at once, while the state is restored in the background. */
  public static LearnerApplication start(LearnerConfig config) {
    return start(config, KafkaStreams::new, UnaryOperator.identity());
  }

  /**
   * Starts to learn with the Kafka clients and the observer that the caller wants to look into.
   *
   * @param factory makes the Streams instance, say with clients of its own around those given
   * @param watch given the learner's observer, returns the one that the learner is to report to
   */
  public static LearnerApplication start(
      LearnerConfig config, Streams factory, UnaryOperator<Observer> watch) {
    LearnerApplication application = new LearnerApplication(config, factory, watch);
    application.streams.start();
    return application;
  }

  private void pause(String reason) {
    pausedBecause.set(reason);
    gate.close();
  }

  private void resume() {
    pausedBecause.set(null);
    gate.open();
  }

  /** Why training waits for an operator, if it does. */
  public Optional<String> pausedBecause() {
    return Optional.ofNullable(pausedBecause.get());
  }

  /** Waits until the learner has stopped or the time is up; true if it has stopped. */
  public boolean awaitStopped(Duration timeout) throws InterruptedException {
    return stopped.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** What ended the learner, if something did. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** Commits what was learned and stops. */
  @Override
  public void close() {
    clockWatch.close();
    if (!streams.close(CLOSE_TIMEOUT)) {
      LOG.warn(
          "the learner did not stop within {} s; what was not committed is learned again at the"
              + " next start",
          CLOSE_TIMEOUT.toSeconds());
    }
  }
}
