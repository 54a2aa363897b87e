package io.millrace.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.learn.EventLog;
import io.millrace.topology.learn.LearnerMeters;
import io.millrace.topology.learn.Observer;
import io.millrace.topology.learn.Observers;
import io.millrace.topology.learn.StepTime;
import io.millrace.topology.learn.ThroughputObserver;
import io.millrace.topology.state.TrainingStateStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running learner: the topology on Kafka Streams, from start to close. */
public final class LearnerApplication implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(LearnerApplication.class);

  private final StreamsProgram program;
  private final ImageGate gate;
  private final AtomicReference<String> pausedBecause = new AtomicReference<>();

  /** Makes the instance of Kafka Streams that runs a topology with Millrace's clients. */
  public interface Streams {
    KafkaStreams create(Topology topology, Properties properties, KafkaClientSupplier clients);
  }

  private LearnerApplication(LearnerConfig config, Streams factory, UnaryOperator<Observer> watch) {
    gate = new ImageGate(config.topics().images());
    StreamsWatch streamsWatch = new StreamsWatch(config.topics().images(), TrainingStateStore.NAME);
    Observer observer =
        watch.apply(
            Observers.both(
                new ThroughputObserver(
                    streamsWatch::lag, streamsWatch::times, this::pause, this::resume),
                new EventLog(config, streamsWatch::times)));
    PollPlan plan = PollPlan.of(config, StepTime.measureMs(config));
    plan.warnings().forEach(LOG::warn);
    Properties properties = StreamsProperties.of(config);
    properties.putAll(plan.properties());
    KafkaStreams streams =
        factory.create(MillraceTopology.build(config, observer), properties, gate.clients());
    streamsWatch.readFrom(streams::metrics);
    streams.setGlobalStateRestoreListener(streamsWatch);
    program = new StreamsProgram("learner " + config.model(), streams);
  }

  /** Starts to learn; returns at once, while the state is restored in the background. */
  public static LearnerApplication start(LearnerConfig config) {
    return start(config, KafkaStreams::new, UnaryOperator.identity());
  }

  /** Starts to learn, with the learner's meters in a registry. */
  public static LearnerApplication start(LearnerConfig config, MeterRegistry registry) {
    return start(
        config,
        KafkaStreams::new,
        observer -> Observers.both(observer, new LearnerMeters(registry, config, observer)));
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
    application.program.start();
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

  /** How Kafka Streams is, and its meters. */
  public RunningStreams streams() {
    return program;
  }

  /** Waits until the learner has stopped or the time is up; true if it has stopped. */
  public boolean awaitStopped(Duration timeout) throws InterruptedException {
    return program.awaitStopped(timeout);
  }

  /** What ended the learner, if something did. */
  public Optional<Throwable> failure() {
    return program.failure();
  }

  /** Commits what was learned and stops. */
  @Override
  public void close() {
    program.close();
  }
}
