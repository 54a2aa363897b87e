package io.millrace.topology.learn;

import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.SkipReason;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.state.Progress;
import java.util.Map;

/**
 * Watches a learner from outside: what it reports differs from run to run and so never enters the
 * training state, only the {@code observed} part of records. Every method has an answer that knows
 * and does nothing.
 */
public interface Observer {

  /** A task has restored its state and goes on from this step. */
  default void started(long step, long images) {}

  /** What a task goes on from; to be read in this call alone. */
  default void restored(Progress progress) {}

  /** The task has ended after this step: the program stops, or another instance goes on. */
  default void stopped(long step) {}

  /** A step begins. */
  default void stepping() {}

  /** The arithmetic of a step is done. */
  default void computed() {}

  /** What is published of a minibatch, refused ones included. */
  default void measured(TrainingMetrics metrics) {}

  /** A record that could not be used goes to the dead letters, with the offset that it had. */
  default void deadLetter(
      DeadLetterReason reason, String topic, int partition, long offset, String message) {}

  /** A minibatch was trained. */
  default void stepped(int batchSize) {}

  /** A minibatch was refused. */
  default void skipped(int batchSize, SkipReason reason, String message) {}

  /** Training waits for an operator. */
  default void paused(String reason) {}

  /** Training goes on after a pause, or the paused task is another instance's from now on. */
  default void resumed() {}

  /** A command was answered. */
  default void answered(ControlKind kind, ControlOutcome outcome, String message) {}

  /** A version was handed to the producer; it is visible once its transaction commits. */
  default void published(long version, long step) {}

  /** Images trained per second, lately; 0 before the first. */
  default double imagesPerSecond() {
    return 0;
  }

  /** Records behind the end of each partition, keyed {@code topic-partition}; empty if unknown. */
  default Map<String, Long> lag() {
    return Map.of();
  }

  /** How long commits take and restoring took. */
  default StreamTimes streamTimes() {
    return StreamTimes.unknown();
  }
}
