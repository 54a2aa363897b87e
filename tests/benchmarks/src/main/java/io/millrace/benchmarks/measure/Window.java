package io.millrace.benchmarks.measure;

/**
 * One stretch of time in which one task ran alone in this process.
 *
 * @param repetitions whole ones, at least 1
 * @param seconds on the wall
 * @param cpuSeconds that the process got, of all its threads
 * @param foreignCpuSeconds that others used, of all the machine's processors; 0 where unknown
 */
public record Window(int repetitions, double seconds, double cpuSeconds, double foreignCpuSeconds) {
  /** Of a processor: what others may take besides, about what the clocks can tell. */
  private static final double TOLERANCE = 0.15;

  /** Repetitions per second. */
  public double rate() {
    return repetitions / seconds;
  }

  /** The CPU time that the process got, as a share of what {@code threads} threads can use. */
  public double cpuShare(int threads) {
    return cpuSeconds / (seconds * threads);
  }

  /** Whether others wanted processors that {@code threads} threads needed. */
  public boolean contended(int threads) {
    double foreign = foreignCpuSeconds / seconds;
    return threads + foreign > MachineClock.PROCESSORS + TOLERANCE;
  }
}
