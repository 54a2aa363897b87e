package io.millrace.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.ClientProperties;
import io.millrace.topology.config.PredictConfig;
import io.millrace.topology.predict.NewestModel;
import io.millrace.topology.predict.PredictMeters;
import io.millrace.topology.predict.PredictTopology;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Running predictions, from start to close. As long as there is no verified snapshot, the program
 * takes no part in its consumer group: images wait on their topic, and no poll is ever overdue.
 * From the first one on there always is one, since a bad one never replaces a good one.
 */
public final class PredictApplication implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PredictApplication.class);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration REMINDER = Duration.ofMinutes(1);

  private final PredictConfig config;
  private final NewestModel models;
  private final PredictMeters meters;
  private final StreamsProgram program;
  private final SnapshotSubscriber subscriber;
  private final Thread starter;
  private volatile boolean closing;

  private PredictApplication(PredictConfig config, MeterRegistry registry) {
    this.config = config;
    this.models = new NewestModel(config);
    this.meters = new PredictMeters(registry);
    this.program =
        new StreamsProgram(
            "predictions of " + config.model(),
            new KafkaStreams(
                PredictTopology.build(config, models, meters), StreamsProperties.of(config)));
    this.subscriber = SnapshotSubscriber.start(subscription(config), models);
    this.starter =
        Thread.ofPlatform().daemon().name("millrace-first-snapshot").unstarted(this::startStream);
  }

  /** Starts to predict as soon as there is a snapshot; returns at once. */
  public static PredictApplication start(PredictConfig config, MeterRegistry registry) {
    PredictApplication application = new PredictApplication(config, registry);
    application.starter.start();
    return application;
  }

  private static SubscriberConfig subscription(PredictConfig config) {
    return new SubscriberConfig(
        Map.copyOf(ClientProperties.common(config.kafka())),
        config.topics().snapshots(),
        Optional.of(config.model()),
        SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  private void startStream() {
    try {
      Optional<Snapshot> first = awaitFirst();
      if (first.isPresent()) {
        LOG.info("predicting {} with {}", config.topics().unlabeled(), first.get());
        program.start();
      }
    } catch (RuntimeException e) {
      program.fail(e);
    } catch (InterruptedException e) {
      LOG.debug("interrupted while waiting for a snapshot");
    }
  }

  /** Empty if the program is closed before there is one. */
  private Optional<Snapshot> awaitFirst() throws InterruptedException {
    long saidNanos = System.nanoTime() - REMINDER.toNanos();
    while (!closing) {
      try {
        return Optional.of(subscriber.awaitFirst(LOOK));
      } catch (TimeoutException e) {
        if (System.nanoTime() - saidNanos >= REMINDER.toNanos()) {
          saidNanos = System.nanoTime();
          LOG.info(
              "waiting for a verified snapshot of {} on {}; images wait meanwhile",
              config.model(),
              config.topics().snapshots());
        }
      }
    }
    return Optional.empty();
  }

  public PredictMeters meters() {
    return meters;
  }

  /** The newest verified snapshot, once there is one. */
  public Optional<Snapshot> newest() {
    return subscriber.newest();
  }

  /** How Kafka Streams is, and its meters; not ready before there is a snapshot. */
  public RunningStreams streams() {
    return new RunningStreams() {
      @Override
      public StreamsHealth health() {
        StreamsHealth health = program.health();
        return newest().isPresent()
            ? health
            : health.waiting(
                "expected a verified snapshot of "
                    + config.model()
                    + " on "
                    + config.topics().snapshots()
                    + ", got none yet");
      }

      @Override
      public MeterBinder kafkaMeters() {
        return program.kafkaMeters();
      }
    };
  }

  /** Waits until the program has stopped or the time is up; true if it has stopped. */
  public boolean awaitStopped(Duration timeout) throws InterruptedException {
    return program.awaitStopped(timeout);
  }

  /** What ended the program, if something did. */
  public Optional<Throwable> failure() {
    return program.failure();
  }

  /** Commits what was predicted and stops. */
  @Override
  public void close() {
    closing = true;
    try {
      starter.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    program.close();
    subscriber.close();
    models.close();
  }
}
