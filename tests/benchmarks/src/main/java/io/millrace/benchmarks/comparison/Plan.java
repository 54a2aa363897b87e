package io.millrace.benchmarks.comparison;

import io.millrace.benchmarks.measure.Effort;
import java.util.List;
import java.util.Locale;

/**
 * What a measuring process is to do.
 *
 * @param kind of step
 * @param network name or file
 * @param batches sizes, each measured by itself
 * @param peers names, in the order of the tables
 */
public record Plan(
    Kind kind,
    String network,
    List<Integer> batches,
    int threads,
    List<String> peers,
    Effort effort,
    String dataset) {
  /** Which step is repeated. */
  public enum Kind {
    TRAINING,
    INFERENCE;

    /** As people write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Plan {
    batches = List.copyOf(batches);
    peers = List.copyOf(peers);
  }
}
