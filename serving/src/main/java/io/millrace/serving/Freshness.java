package io.millrace.serving;

import java.time.Clock;
import java.time.Duration;

/**
 * How old a model may be that answers. Its age counts from its publication; as long as the learner
 * publishes, it stays low.
 *
 * @param maxAge above which a model is stale
 * @param onStale what then becomes of an answer
 * @param clock what ages are told by
 */
public record Freshness(Duration maxAge, OnStale onStale, Clock clock) {
  /** What becomes of an answer by a model that is too old. */
  public enum OnStale {
    /** It is given as any other. */
    SERVE,
    /** It is given, and says of itself that it is stale. */
    FLAG,
    /** {@link StaleModelException} instead of an answer. */
    REFUSE
  }

  public Freshness {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge: expected 0 or above, got " + maxAge);
    }
  }

  /** A model of any age. */
  public static Freshness unbounded() {
    return new Freshness(Duration.ofMillis(Long.MAX_VALUE), OnStale.SERVE, Clock.systemUTC());
  }

  /** A model of at most that age, by the system's clock. */
  public static Freshness of(Duration maxAge, OnStale onStale) {
    return new Freshness(maxAge, onStale, Clock.systemUTC());
  }

  /** A model's age; 0 where its publication lies in the future, by clocks that differ. */
  long ageMs(Snapshot snapshot) {
    return Math.max(0, clock.millis() - snapshot.publishedMs());
  }

  boolean exceededBy(long ageMs) {
    return ageMs > maxAge.toMillis();
  }
}
