package io.millrace.topology.learn;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.SkipReason;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.config.LearnerConfig;
import io.millrace.topology.state.Progress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * The meters of a learner. Counters count since this process started, and count again what a
 * transaction does again; the gauges of {@link LearnerGauges} go on where the restored state was.
 */
public final class LearnerMeters implements Observer {

  private static final Set<DeadLetterReason> REASONS =
      EnumSet.range(DeadLetterReason.EMPTY_RECORD, DeadLetterReason.EXPLODING);

  /** From half a millisecond, a small network's step, to 10 seconds. */
  private static final Duration[] STEP_BUCKETS =
      LongStream.of(500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
          .mapToObj(micros -> Duration.ofNanos(micros * 1_000))
          .toArray(Duration[]::new);

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter steps;
  private final Counter images;
  private final Counter published;
  private final Timer stepDuration;
  private final Map<SkipReason, Counter> skipped = new EnumMap<>(SkipReason.class);
  private final Map<DeadLetterReason, Counter> deadLetters = new EnumMap<>(DeadLetterReason.class);
  private final LearnerGauges gauges;
  private long beganNanos;

  /**
   * Registers the meters.
   *
   * @param rates knows the images per second and the lag
   */
  public LearnerMeters(MeterRegistry registry, LearnerConfig config, Observer rates) {
    this.registry = registry;
    tags = Tags.of("model", config.model());
    steps = counter("millrace.training.steps", "Steps that moved the weights", tags);
    images = counter("millrace.training.images", "Images trained on", tags);
    published = counter("millrace.snapshots.published", "Versions published", tags);
    stepDuration =
        Timer.builder("millrace.training.step.duration")
            .description("Forward, loss, backward and optimizer of one minibatch")
            .serviceLevelObjectives(STEP_BUCKETS)
            .tags(tags)
            .register(registry);
    for (SkipReason reason : EnumSet.complementOf(EnumSet.of(SkipReason.UNKNOWN))) {
      skipped.put(
          reason,
          counter(
              "millrace.training.minibatches.skipped",
              "Minibatches that the guard refused",
              tags.and("reason", reason.name())));
    }
    // There from the start, so that an alert sees the first one.
    REASONS.forEach(this::deadLetters);
    gauges = new LearnerGauges(rates);
    gauges.register(registry, tags, config.topics().images());
  }

  private Counter counter(String name, String description, Tags tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  /** On the thread that trains alone, as all of an observer. */
  private Counter deadLetters(DeadLetterReason reason) {
    return deadLetters.computeIfAbsent(
        reason,
        key ->
            counter(
                "millrace.training.dead.letters",
                "Records and images put aside",
                tags.and("reason", key.name())));
  }

  @Override
  public void stepping() {
    beganNanos = System.nanoTime();
  }

  @Override
  public void computed() {
    stepDuration.record(System.nanoTime() - beganNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void stepped(int batchSize) {
    steps.increment();
    images.increment(batchSize);
    gauges.stepped();
  }

  @Override
  public void started(long step, long images) {
    gauges.started(step);
  }

  @Override
  public void restored(Progress progress) {
    gauges.restored(progress);
  }

  @Override
  public void measured(TrainingMetrics metrics) {
    gauges.measured(metrics);
  }

  @Override
  public void skipped(int batchSize, SkipReason reason, String message) {
    Counter counter = skipped.get(reason);
    if (counter != null) {
      counter.increment();
    }
    DeadLetterReason letters =
        reason == SkipReason.EXPLODING ? DeadLetterReason.EXPLODING : DeadLetterReason.NOT_FINITE;
    deadLetters(letters).increment(batchSize);
  }

  @Override
  public void deadLetter(
      DeadLetterReason reason, String topic, int partition, long offset, String message) {
    deadLetters(reason).increment();
  }

  @Override
  public void paused(String reason) {
    gauges.paused(true);
  }

  @Override
  public void resumed() {
    gauges.paused(false);
  }

  @Override
  public void answered(ControlKind kind, ControlOutcome outcome, String message) {
    counter(
            "millrace.control.commands",
            "Commands answered",
            tags.and("kind", kind.name(), "outcome", outcome.name()))
        .increment();
  }

  @Override
  public void published(long version, long step) {
    published.increment();
    gauges.published(version);
  }
}
