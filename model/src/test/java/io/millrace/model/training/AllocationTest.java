package io.millrace.model.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.ScalarKernels;
import io.millrace.model.kernel.VectorKernels;
import io.millrace.model.optimizer.ConstantSchedule;
import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.NetworkSpec;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A step allocates nothing, neither on the caller's thread nor on the workers'. In a JVM of its
 * own, for the reason that {@code KernelAllocationTest} gives.
 */
@Tag("own-jvm")
class AllocationTest {
  private static final int WARM_UP = 400;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aStepWithScalarKernelsAllocatesNothing() {
    requireNone(new ScalarKernels());
  }

  @Test
  void aStepWithVectorKernelsAllocatesNothingOnceCompiled() {
    requireNone(new VectorKernels());
  }

  private static void requireNone(Kernels kernels) {
    NetworkSpec network = TestNetworks.everything();
    // The powers and cosines of the other schedules take some bytes in the JDK.
    try (Learner learner =
        Learner.create(
            network,
            TestNetworks.optimizer(),
            new ConstantSchedule(0.01),
            TestNetworks.SEED,
            InitializationSpec.withDefaults(),
            TestNetworks.MAX_BATCH,
            2,
            kernels)) {
      TestNetworks.fill(learner, network, 0, 16);
      steps(learner, WARM_UP);
      long[] workers = workerIds();
      assertTrue(workers.length > 0, "expected a worker beside the caller");
      long least = Long.MAX_VALUE;
      // The compiler may still be at work during the first attempts.
      for (int attempt = 0; attempt < 200 && least > 0; attempt++) {
        long before = allocatedBytes(workers);
        steps(learner, 20);
        least = Math.min(least, allocatedBytes(workers) - before);
      }
      assertEquals(0, least, "bytes allocated by 20 steps");
      long before = allocatedBytes(workers);
      assertEquals(64, learner.state().sha256().length());
      assertTrue(allocatedBytes(workers) > before, "the measure sees an allocation");
    }
  }

  private static void steps(Learner learner, int count) {
    for (int i = 0; i < count; i++) {
      learner.step(16 - i % 3);
    }
  }

  private static long[] workerIds() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-worker"))
        .mapToLong(Thread::threadId)
        .toArray();
  }

  private static long allocatedBytes(long[] workers) {
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (long id : workers) {
      // -1 for a thread that has ended.
      bytes += Math.max(0, THREADS.getThreadAllocatedBytes(id));
    }
    return bytes;
  }
}
