package io.millrace.topology.learn;

import io.millrace.SkipReason;
import java.util.Map;

/**
 * Watches a learner from outside: what it reports differs from run to run and so never enters the
 * training state, only the {@code observed} part of records.
 */
public interface Observer {

  /** A task has restored its state and goes on from this step. */
  void started(long step, long images);

  /** A minibatch was trained. */
  void stepped(int batchSize);

  /** A minibatch was refused. */
  void skipped(int batchSize, SkipReason reason, String message);

  /** Training waits for an operator. */
  void paused(String reason);

  /** Training goes on after a pause. */
  void resumed();

  /** A version was handed to the producer; it is visible once its transaction commits. */
  void published(long version, long step);

  /** Images trained per second, lately; 0 before the first. */
  double imagesPerSecond();

  /** Records behind the end of each partition, keyed {@code topic-partition}; empty if unknown. */
  Map<String, Long> lag();
}
