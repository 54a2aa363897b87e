package io.millrace.benchmarks.measure;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** CPU time of this process, and of everybody else where the system tells: on Linux. */
final class MachineClock {
  private static final Path STAT = Path.of("/proc/stat");
  private static final boolean KNOWN = Files.isReadable(STAT);

  /** Of a second: the unit of /proc/stat on every Linux that Java runs on. */
  private static final double JIFFY = 0.01;

  /** Processors of the machine, whether this process may use them all or not. */
  static final int PROCESSORS =
      KNOWN
          ? (int) lines().stream().filter(line -> line.matches("cpu\\d.*")).count()
          : Runtime.getRuntime().availableProcessors();

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private MachineClock() {}

  /** Seconds of CPU that this process has used. */
  static double own() {
    return SYSTEM.getProcessCpuTime() * 1e-9;
  }

  /**
   * Seconds in which a processor was not idle, summed over all; what the hypervisor took is among
   * them. Always 0 where the system does not tell.
   */
  static double busy() {
    if (!KNOWN) {
      return 0;
    }
    // cpu user nice system idle iowait irq softirq steal guest guest_nice, the guests in user.
    String[] fields = lines().getFirst().toLowerCase(Locale.ROOT).split(" +", -1);
    long jiffies = 0;
    for (int field : new int[] {1, 2, 3, 6, 7, 8}) {
      jiffies += Long.parseLong(fields[field]);
    }
    return jiffies * JIFFY;
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(STAT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
