package io.millrace.tests.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs one input and measures what it cost this thread. Processor time, not wall time: on a busy
 * machine an input that waits for its turn is no fault.
 */
final class FuzzProbe {
  static final long MAX_CPU_NANOS = 1_000_000_000L;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /**
   * What an input led to.
   *
   * @param fault what it did that it should not have, or null
   */
  record Result(
      FuzzTarget.@Nullable Outcome outcome,
      long cpuNanos,
      long allocatedBytes,
      @Nullable Throwable fault) {}

  private FuzzProbe() {}

  /**
   * Runs the input; one that costs too much is run again, since a first time also loads classes.
   */
  static Result run(FuzzTarget target, byte[] input) {
    Result first = once(target, input);
    if (first.fault() != null || excess(target, first).isEmpty()) {
      return first;
    }
    Result second = once(target, input);
    Optional<String> excess = excess(target, second);
    return second.fault() != null || excess.isEmpty()
        ? second
        : new Result(
            second.outcome(),
            second.cpuNanos(),
            second.allocatedBytes(),
            new FuzzTarget.FaultException(excess.get()));
  }

  /** The processor time that a thread has used. */
  static long cpuNanos(Thread thread) {
    return THREADS.getThreadCpuTime(thread.threadId());
  }

  private static Result once(FuzzTarget target, byte[] input) {
    FuzzTarget.Outcome outcome = null;
    Throwable fault = null;
    long cpu = THREADS.getCurrentThreadCpuTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    try {
      outcome = target.run(input);
    } catch (Throwable e) { // an error too, such as a stack overflow, is what is looked for
      fault = e;
    }
    return new Result(
        outcome,
        THREADS.getCurrentThreadCpuTime() - cpu,
        THREADS.getCurrentThreadAllocatedBytes() - allocated,
        fault);
  }

  private static Optional<String> excess(FuzzTarget target, Result result) {
    if (result.cpuNanos() > MAX_CPU_NANOS) {
      return Optional.of(
          "expected at most 1 s of processor time, got " + result.cpuNanos() / 1_000_000 + " ms");
    }
    if (result.allocatedBytes() > target.maxAllocationBytes()) {
      return Optional.of(
          "expected at most "
              + target.maxAllocationBytes()
              + " bytes allocated, got "
              + result.allocatedBytes());
    }
    return Optional.empty();
  }
}
