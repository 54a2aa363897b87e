package io.millrace.benchmarks.processes;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/** Trains for a time and prints how far each step came: what {@link Startup} measures. */
final class TimedTraining {
  private static final int MAX_STEPS = 1 << 20;

  private TimedTraining() {}

  /**
   * Arguments: network, threads, and the milliseconds since 1970 at which the JVM was started and
   * at which to end. Prints, for the end of each step, the seconds since the start and the seconds
   * that this process has had of the processors.
   */
  public static void main(String[] arguments) {
    long started = Long.parseLong(arguments[2]);
    long end = Long.parseLong(arguments[3]);
    // The one clock is shared with the parent process, the other is fine enough.
    double offset = (System.currentTimeMillis() - started) * 1e-3 - System.nanoTime() * 1e-9;
    double length = (end - started) * 1e-3;
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    double[] times = new double[MAX_STEPS];
    double[] processorTimes = new double[MAX_STEPS];
    int steps = 0;
    try (RealTraining training = new RealTraining(arguments[0], Integer.parseInt(arguments[1]))) {
      double now = 0;
      while (now < length && steps < MAX_STEPS) {
        training.step();
        now = System.nanoTime() * 1e-9 + offset;
        times[steps] = now;
        processorTimes[steps++] = system.getProcessCpuTime() * 1e-9;
      }
    }
    for (int step = 0; step < steps; step++) {
      System.out.printf(
          Locale.ROOT, "%s%.5f %.3f%n", ChildJvm.RESULT, times[step], processorTimes[step]);
    }
  }
}
