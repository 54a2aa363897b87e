package io.millrace.benchmarks.measure;

import java.time.Duration;
import java.util.List;

/** Measures one window: the time on the wall, and who had the processors. */
public final class WindowClock {
  private final List<ProcessHandle> helpers;
  private final double busy = MachineClock.busy();
  private final double own = MachineClock.own();
  private final double helped;
  private final long start = System.nanoTime();

  private WindowClock(List<ProcessHandle> helpers) {
    this.helpers = List.copyOf(helpers);
    helped = cpu(this.helpers);
  }

  /**
   * Begins a window.
   *
   * @param helpers other processes that work for what is measured, and so disturb nothing
   */
  public static WindowClock start(List<ProcessHandle> helpers) {
    return new WindowClock(helpers);
  }

  /** Since the start. */
  public double seconds() {
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Ends the window now. */
  public Window stop(int repetitions) {
    return stop(repetitions, seconds());
  }

  /**
   * Ends the window.
   *
   * @param seconds that the repetitions took, where that is known better than by this thread
   */
  public Window stop(int repetitions, double seconds) {
    double ownNow = MachineClock.own() - own;
    double foreign = MachineClock.busy() - busy - ownNow - (cpu(helpers) - helped);
    return new Window(repetitions, seconds, ownNow, Math.max(0, foreign));
  }

  private static double cpu(List<ProcessHandle> processes) {
    return processes.stream()
            .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
            .mapToLong(Duration::toMillis)
            .sum()
        * 1e-3;
  }
}
