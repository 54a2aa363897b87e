package io.millrace.topology.learn;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.millrace.TrainingMetrics;
import io.millrace.topology.state.Progress;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a learner is now. The thread that trains leaves a few numbers with each step; they are made
 * into something when somebody asks. What is not known yet is not a number.
 */
final class LearnerGauges {

  /** After so long without a step there is no rate to speak of. */
  private static final long IDLE_NANOS = 5_000_000_000L;

  private final Observer rates;
  private volatile double loss = Double.NaN;
  private volatile double accuracy = Double.NaN;
  private volatile double learningRate = Double.NaN;
  private volatile double gradientNorm = Double.NaN;
  private volatile long step;
  private volatile long images;
  private volatile long version;
  private volatile boolean paused;
  private volatile long publishedNanos;
  private volatile boolean hasPublished;
  private volatile long steppedNanos = System.nanoTime() - IDLE_NANOS;

  LearnerGauges(Observer rates) {
    this.rates = rates;
  }

  /** Registers all of them. */
  void register(MeterRegistry registry, Tags tags, String imagesTopic) {
    Registration to = new Registration(registry, tags);
    to.gauge("millrace.training.loss", "Prequential loss over the window", null, () -> loss);
    to.gauge(
        "millrace.training.accuracy",
        "Prequential accuracy over the window, 0 to 1",
        null,
        () -> accuracy);
    to.gauge(
        "millrace.training.learning.rate",
        "Learning rate of the newest step",
        null,
        () -> learningRate);
    to.gauge(
        "millrace.training.gradient.norm",
        "Euclidean norm of the newest gradient, before clipping",
        null,
        () -> gradientNorm);
    to.gauge(
        "millrace.training.step", "Steps since the model's beginning", null, () -> (double) step);
    to.gauge(
        "millrace.training.images.trained",
        "Images trained on since the model's beginning",
        null,
        () -> (double) images);
    to.gauge(
        "millrace.training.images.per.second",
        "Images trained on per second over the last 5 seconds",
        null,
        this::imagesPerSecond);
    to.gauge(
        "millrace.training.paused",
        "1 while training waits for an operator, else 0",
        null,
        () -> paused ? 1.0 : 0.0);
    to.gauge(
        "millrace.snapshots.version",
        "The newest version; 0 before the first",
        null,
        () -> (double) version);
    new Registration(registry, tags.and("topic", imagesTopic, "partition", "0"))
        .gauge(
            "millrace.training.lag",
            "Images that wait to be read",
            "records",
            () -> lag(imagesTopic + "-0"));
    TimeGauge.builder("millrace.snapshots.age", this::ageNanos, TimeUnit.NANOSECONDS)
        .description("Since this process last published a version")
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  /** What the gauges of one learner have in common. */
  private record Registration(MeterRegistry registry, Tags tags) {
    void gauge(String name, String description, @Nullable String unit, Supplier<Number> value) {
      Gauge.builder(name, value)
          .description(description)
          .baseUnit(unit)
          .tags(tags)
          .strongReference(true)
          .register(registry);
    }
  }

  private double imagesPerSecond() {
    return System.nanoTime() - steppedNanos > IDLE_NANOS ? 0 : rates.imagesPerSecond();
  }

  private double lag(String partition) {
    Long records = rates.lag().get(partition);
    return records == null ? Double.NaN : records;
  }

  private double ageNanos() {
    return hasPublished ? System.nanoTime() - publishedNanos : Double.NaN;
  }

  void started(long restoredStep) {
    step = restoredStep;
  }

  void restored(Progress progress) {
    images = progress.images();
    version = progress.snapshotVersion();
    if (progress.images() > 0) {
      loss = progress.metrics().windowLoss();
      accuracy = progress.metrics().windowAccuracy();
    }
  }

  void measured(TrainingMetrics metrics) {
    step = metrics.getStep();
    images = metrics.getImages();
    loss = metrics.getWindowLoss();
    accuracy = metrics.getWindowAccuracy();
    learningRate = metrics.getLearningRate();
    gradientNorm = metrics.getGradientNorm();
  }

  void stepped() {
    steppedNanos = System.nanoTime();
  }

  void paused(boolean now) {
    paused = now;
  }

  void published(long newVersion) {
    version = newVersion;
    publishedNanos = System.nanoTime();
    hasPublished = true;
  }
}
