package io.millrace.benchmarks.topology;

import io.millrace.benchmarks.measure.Window;
import io.millrace.benchmarks.measure.WindowClock;
import io.millrace.topology.LearnerApplication;
import io.millrace.topology.config.LearnerConfig;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.KafkaStreams;

/** A learner on the broker that rests between its windows. */
final class MeasuredLearner implements Subject, AutoCloseable {
  /**
   * After a rest a commit is overdue; it must not count, where commits are not measured, so windows
   * begin after it.
   */
  private static final Duration SETTLING = Duration.ofMillis(300);

  /** A learner that commits more rarely than this has windows without commits. */
  private static final long RARE_MS = 60_000;

  private final LearnerConfig config;
  private final List<ProcessHandle> helpers;
  private final AtomicReference<Gate> gate = new AtomicReference<>();
  private final CommitMeter meter = new CommitMeter();
  private final LearnerApplication application;
  private final long commitMs;

  /** Starts it, on topics that are there. */
  MeasuredLearner(LearnerConfig config, List<ProcessHandle> helpers) {
    this.config = config;
    this.helpers = helpers;
    commitMs = Long.parseLong(config.kafka().getOrDefault("commit.interval.ms", "1000"));
    application =
        LearnerApplication.start(
            config,
            (topology, properties, clients) ->
                new KafkaStreams(topology, properties, new MeteredClients(meter, clients)),
            observer -> {
              gate.set(new Gate(observer));
              return gate();
            });
  }

  private Gate gate() {
    Gate present = gate.get();
    if (present == null) {
      throw new IllegalStateException("the learner has no observer yet");
    }
    return present;
  }

  /** Lets it train until so much time has passed, then rest. */
  void warmUp(Duration time) {
    gate().open();
    var _ = gate().nextStep();
    sleep(time);
    var _ = gate().stop();
  }

  @Override
  public String name() {
    return config.model();
  }

  @Override
  public int threads() {
    return config.threads();
  }

  long commitMs() {
    return commitMs;
  }

  CommitMeter meter() {
    return meter;
  }

  /**
   * From the end of a step to the end of another. Where commits fall into windows, from the first
   * step after a commit to the first step after a later one, so that a window has as much training
   * for each commit as there is without windows.
   */
  @Override
  public Window window(int windowMs) {
    boolean rare = commitMs > RARE_MS;
    Gate gate = gate();
    gate.open();
    sleep(SETTLING);
    Gate.Mark from = rare ? gate.nextStep() : afterCommits(1);
    WindowClock clock = WindowClock.start(helpers);
    if (rare) {
      sleep(Duration.ofMillis(windowMs));
    } else {
      int commits = (int) Math.max(1, Math.ceilDiv((long) windowMs, commitMs));
      int before = meter.commits();
      var _ = gate.await(() -> enough(before, commits, clock, windowMs));
    }
    Gate.Mark to = gate.stop();
    return clock.stop((int) (to.steps() - from.steps()), (to.nanos() - from.nanos()) * 1e-9);
  }

  private boolean enough(int before, int commits, WindowClock clock, int windowMs) {
    // Commits that take longer than their interval are fewer than the clock promises.
    return meter.commits() >= before + commits
        || (meter.commits() > before && clock.seconds() * 1000 > windowMs);
  }

  private Gate.Mark afterCommits(int commits) {
    int before = meter.commits();
    return gate().await(() -> meter.commits() >= before + commits);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a learner is measured", e);
    }
  }

  @Override
  public void close() {
    gate().open();
    application.close();
  }
}
