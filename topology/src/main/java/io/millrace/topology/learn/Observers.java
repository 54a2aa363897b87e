package io.millrace.topology.learn;

import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.SkipReason;
import io.millrace.TrainingMetrics;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.state.Progress;
import java.util.Map;

/** Several observers as one. */
public final class Observers {

  private Observers() {}

  /**
   * Tells both of everything.
   *
   * @param first what it knows is what both know
   */
  public static Observer both(Observer first, Observer second) {
    return new Both(first, second);
  }

  private record Both(Observer first, Observer second) implements Observer {

    @Override
    public void started(long step, long images) {
      first.started(step, images);
      second.started(step, images);
    }

    @Override
    public void restored(Progress progress) {
      first.restored(progress);
      second.restored(progress);
    }

    @Override
    public void stopped(long step) {
      first.stopped(step);
      second.stopped(step);
    }

    @Override
    public void stepping() {
      first.stepping();
      second.stepping();
    }

    @Override
    public void computed() {
      first.computed();
      second.computed();
    }

    @Override
    public void measured(TrainingMetrics metrics) {
      first.measured(metrics);
      second.measured(metrics);
    }

    @Override
    public void deadLetter(
        DeadLetterReason reason, String topic, int partition, long offset, String message) {
      first.deadLetter(reason, topic, partition, offset, message);
      second.deadLetter(reason, topic, partition, offset, message);
    }

    @Override
    public void stepped(int batchSize) {
      first.stepped(batchSize);
      second.stepped(batchSize);
    }

    @Override
    public void skipped(int batchSize, SkipReason reason, String message) {
      first.skipped(batchSize, reason, message);
      second.skipped(batchSize, reason, message);
    }

    @Override
    public void paused(String reason) {
      first.paused(reason);
      second.paused(reason);
    }

    @Override
    public void resumed() {
      first.resumed();
      second.resumed();
    }

    @Override
    public void answered(ControlKind kind, ControlOutcome outcome, String message) {
      first.answered(kind, outcome, message);
      second.answered(kind, outcome, message);
    }

    @Override
    public void published(long version, long step) {
      first.published(version, step);
      second.published(version, step);
    }

    @Override
    public double imagesPerSecond() {
      return first.imagesPerSecond();
    }

    @Override
    public Map<String, Long> lag() {
      return first.lag();
    }

    @Override
    public StreamTimes streamTimes() {
      return first.streamTimes();
    }
  }
}
