package io.millrace.serving;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.millrace.serving.AssemblyResult.Reason;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/**
 * The meters of a subscriber and a predictor, all named {@code millrace.serving.*}.
 *
 * @param registry where they are; several predictors in one need tags that tell them apart
 * @param tags that each meter has
 */
public record ServingMeters(MeterRegistry registry, Tags tags) {
  private static final String PREFIX = "millrace.serving.";

  /** Meters that go nowhere. */
  public static ServingMeters none() {
    return new ServingMeters(new CompositeMeterRegistry(), Tags.empty());
  }

  /** Meters in a registry, without tags. */
  public static ServingMeters of(MeterRegistry registry) {
    return new ServingMeters(registry, Tags.empty());
  }

  /** The same with one more tag, such as the role of a canary. */
  public ServingMeters tagged(String key, String value) {
    return new ServingMeters(registry, tags.and(key, value));
  }

  Counter loaded() {
    return counter("snapshots.loaded", "Snapshots that passed every check.");
  }

  Counter rejected(Reason reason) {
    return tagged("reason", reason.name())
        .counter("rejected", "Records of snapshots and aliases that were refused.");
  }

  Counter counter(String name, String description) {
    return Counter.builder(PREFIX + name).description(description).tags(tags).register(registry);
  }

  Timer timer(String name, String description) {
    return Timer.builder(PREFIX + name)
        .description(description)
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofNanos(10_000))
        .maximumExpectedValue(Duration.ofSeconds(10))
        .tags(tags)
        .register(registry);
  }

  /** Ends with the object that it asks. */
  <T> void gauge(String name, String description, String unit, T of, ToDoubleFunction<T> value) {
    Gauge.builder(PREFIX + name, of, value)
        .description(description)
        .baseUnit(unit)
        .tags(tags)
        .register(registry);
  }
}
