package io.millrace.topology.predict;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What this process has predicted since it started. A transaction that is done again is counted
 * again; what the topics hold is exact.
 */
public final class PredictMeters {

  private final Counter predictions;
  private final Counter rejected;
  private final AtomicLong version = new AtomicLong();

  public PredictMeters(MeterRegistry registry) {
    predictions =
        Counter.builder("millrace.predictions").description("Images predicted").register(registry);
    rejected =
        Counter.builder("millrace.predictions.rejected")
            .description("Records that became dead letters")
            .register(registry);
    registry.gauge("millrace.predictions.version", version);
  }

  void predicted(long snapshotVersion) {
    predictions.increment();
    version.set(snapshotVersion);
  }

  void reject() {
    rejected.increment();
  }

  public long predictions() {
    return (long) predictions.count();
  }

  public long rejected() {
    return (long) rejected.count();
  }

  /** The snapshot that predicted last; 0 before the first prediction. */
  public long version() {
    return version.get();
  }
}
