package io.millrace.topology.labels;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.DeadLetterReason;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process has joined and what it has not, since it started. A transaction that is done
 * again is counted again; what the topics hold is exact.
 */
public final class LabelJoinMeters {

  private final MeterRegistry registry;
  private final Counter joined;
  private final Counter withoutLabel;
  private final Map<DeadLetterReason, Counter> rejected = new ConcurrentHashMap<>();

  public LabelJoinMeters(MeterRegistry registry) {
    this.registry = registry;
    joined =
        Counter.builder("millrace.labels.joined")
            .description("Images that got their label")
            .register(registry);
    withoutLabel =
        Counter.builder("millrace.labels.images.without.label")
            .description("Images whose window is over and that never got a label")
            .register(registry);
  }

  private Counter counter(DeadLetterReason reason) {
    return Counter.builder("millrace.labels.rejected")
        .description("Records that became dead letters")
        .tag("reason", reason.name())
        .register(registry);
  }

  void join() {
    joined.increment();
  }

  void forgetImage() {
    withoutLabel.increment();
  }

  void reject(DeadLetterReason reason) {
    rejected.computeIfAbsent(reason, this::counter).increment();
  }

  /** Images that got their label. */
  public long joined() {
    return (long) joined.count();
  }

  /** Images that were dropped because nobody told their label in time. */
  public long withoutLabel() {
    return (long) withoutLabel.count();
  }

  /** Records that became dead letters for this reason. */
  public long rejected(DeadLetterReason reason) {
    Counter counter = rejected.get(reason);
    return counter == null ? 0 : (long) counter.count();
  }

  /** Records that became dead letters. */
  public long rejected() {
    return rejected.values().stream().mapToLong(counter -> (long) counter.count()).sum();
  }
}
