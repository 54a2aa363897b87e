package io.millrace.topology.learn;

import io.millrace.ControlKind;
import io.millrace.ControlOutcome;
import io.millrace.SkipReason;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.topology.config.LearnerConfig;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line to the log for each event in a learner's life that matters to an operator, as a
 * short message with keys and values. A flood of dead letters is told of now and then, with their
 * number.
 */
public final class EventLog implements Observer {

  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final LearnerConfig config;
  private final Supplier<StreamTimes> times;
  private final long madeNanos = System.nanoTime();
  private long deadLetters;
  private long toldNanos = madeNanos - QUIET_NANOS;

  /**
   * Tells of the start at once.
   *
   * @param times knows how long restoring took
   */
  public EventLog(LearnerConfig config, Supplier<StreamTimes> times) {
    this.config = config;
    this.times = times;
    LOG.atInfo()
        .addKeyValue("model", config.model())
        .addKeyValue("network", config.network().name())
        .addKeyValue("images", config.topics().images())
        .addKeyValue("minibatch", config.minibatch().size())
        .addKeyValue("threads", config.threads())
        .addKeyValue("seed", config.seed())
        .log("starting");
  }

  @Override
  public void started(long step, long images) {
    StreamTimes restored = times.get();
    LOG.atInfo()
        .addKeyValue("model", config.model())
        .addKeyValue("step", step)
        .addKeyValue("images", images)
        .addKeyValue("restoreMs", restored.restoreMs())
        .addKeyValue("restoredRecords", restored.restoredRecords())
        .addKeyValue("sinceStartMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - madeNanos))
        .log(restored.restoredRecords() <= 0 ? "task began" : "task restored");
  }

  @Override
  public void stopped(long step) {
    LOG.atInfo()
        .addKeyValue("model", config.model())
        .addKeyValue("step", step)
        .log("task handed back");
  }

  @Override
  public synchronized void deadLetter(
      DeadLetterReason reason, String topic, int partition, long offset, String message) {
    deadLetters++;
    if (System.nanoTime() - toldNanos < QUIET_NANOS) {
      return;
    }
    LOG.atWarn()
        .addKeyValue("reason", reason)
        .addKeyValue("source", topic + "-" + partition + "@" + offset)
        .addKeyValue("detail", message)
        .addKeyValue("count", deadLetters)
        .log("dead letter");
    deadLetters = 0;
    toldNanos = System.nanoTime();
  }

  @Override
  public void skipped(int batchSize, SkipReason reason, String message) {
    LOG.atWarn()
        .addKeyValue("reason", reason)
        .addKeyValue("images", batchSize)
        .addKeyValue("detail", message)
        .log("minibatch skipped");
  }

  @Override
  public void paused(String reason) {
    LOG.atWarn()
        .addKeyValue("reason", reason)
        .addKeyValue("goOnWith", "./millrace control resume")
        .log("paused");
  }

  @Override
  public void resumed() {
    LOG.atInfo().addKeyValue("model", config.model()).log("resumed");
  }

  @Override
  public void answered(ControlKind kind, ControlOutcome outcome, String message) {
    LOG.atInfo()
        .addKeyValue("kind", kind)
        .addKeyValue("outcome", outcome)
        .addKeyValue("detail", message)
        .log("command");
  }

  @Override
  public void published(long version, long step) {
    LOG.atInfo()
        .addKeyValue("model", config.model())
        .addKeyValue("version", version)
        .addKeyValue("step", step)
        .log("snapshot published");
  }
}
