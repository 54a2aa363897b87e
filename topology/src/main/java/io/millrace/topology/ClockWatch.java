package io.millrace.topology;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Notices when somebody sets the wall clock back. Kafka's clients count heartbeats and commits by
 * it, and their timers stand still until it has caught up with where it was: the learner would lose
 * its place in the group, join again and lose it again for as long as the clock was set back. New
 * clients count from the new time.
 */
final class ClockWatch implements AutoCloseable {

  /** Smaller steps pass before a session of the default length has ended. */
  static final Duration TOLERANCE = Duration.ofSeconds(5);

  private static final long CHECK_MS = 1_000;

  private final LongSupplier wallMs;
  private final LongSupplier monotonicNanos;
  private final Consumer<IllegalStateException> alarm;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("millrace-clock-watch").daemon().factory());
  private long aheadMs;

  ClockWatch(
      LongSupplier wallMs, LongSupplier monotonicNanos, Consumer<IllegalStateException> alarm) {
    this.wallMs = wallMs;
    this.monotonicNanos = monotonicNanos;
    this.alarm = alarm;
    this.aheadMs = readAheadMs();
  }

  /** Watches the machine's clocks until it is closed; the alarm sounds on a thread of its own. */
  static ClockWatch start(Consumer<IllegalStateException> alarm) {
    ClockWatch watch = new ClockWatch(System::currentTimeMillis, System::nanoTime, alarm);
    var _ =
        watch.executor.scheduleWithFixedDelay(
            watch::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    return watch;
  }

  /** A clock that is slowed down, as time services do, is not set back: each check starts anew. */
  void check() {
    long before = aheadMs;
    aheadMs = readAheadMs();
    long backMs = before - aheadMs;
    if (backMs > TOLERANCE.toMillis()) {
      alarm.accept(
          new IllegalStateException(
              "wall clock: expected to go forward, got set back by "
                  + backMs / 1000
                  + " s, during which Kafka's clients would stand still; nothing is lost, start the"
                  + " learner again"));
    }
  }

  private long readAheadMs() {
    return wallMs.getAsLong() - TimeUnit.NANOSECONDS.toMillis(monotonicNanos.getAsLong());
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
