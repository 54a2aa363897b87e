package io.millrace.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.topology.config.LabelJoinConfig;
import io.millrace.topology.labels.LabelJoinMeters;
import io.millrace.topology.labels.LabelJoinTopology;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;

/** A running join of images and labels, from start to close. */
public final class LabelJoinApplication implements AutoCloseable {

  private final LabelJoinMeters meters;
  private final StreamsProgram program;

  private LabelJoinApplication(LabelJoinConfig config, MeterRegistry registry) {
    this.meters = new LabelJoinMeters(registry);
    this.program =
        new StreamsProgram(
            "join of labels",
            new KafkaStreams(
                LabelJoinTopology.build(config, meters), StreamsProperties.of(config)));
  }

  /** Starts to join; returns at once, while the state is restored in the background. */
  public static LabelJoinApplication start(LabelJoinConfig config, MeterRegistry registry) {
    LabelJoinApplication application = new LabelJoinApplication(config, registry);
    application.program.start();
    return application;
  }

  public LabelJoinMeters meters() {
    return meters;
  }

  /** How Kafka Streams is, and its meters. */
  public RunningStreams streams() {
    return program;
  }

  /** Waits until the program has stopped or the time is up; true if it has stopped. */
  public boolean awaitStopped(Duration timeout) throws InterruptedException {
    return program.awaitStopped(timeout);
  }

  /** What ended the program, if something did. */
  public Optional<Throwable> failure() {
    return program.failure();
  }

  /** Commits what was joined and stops. */
  @Override
  public void close() {
    program.close();
  }
}
