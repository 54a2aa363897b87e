package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kernels allocate nothing once they are compiled. In a JVM of its own: what the compiler inlines,
 * and so whether vectors stay in registers, follows what ran before, and no learner runs the
 * hundreds of shapes of the other tests.
 */
@Tag("own-jvm")
class KernelAllocationTest {

  @Test
  void scalarKernelsAllocateNothing() {
    requireNone(new ScalarKernels());
  }

  @Test
  void vectorKernelsAllocateNothing() {
    requireNone(new VectorKernels());
  }

  /** Small shapes, so that the time goes into calls and not into arithmetic. */
  private static void requireNone(Kernels kernels) {
    ConvolutionContract.Case few = new ConvolutionContract.Case("ic3ih6oc17kh3ph1sh2", false);
    ConvolutionContract.Case many = new ConvolutionContract.Case("ic8ih6oc33kh3ph1", false);
    ConvolutionContract.Case depthwise =
        new ConvolutionContract.Case("ic33ih6oc33kh3ph1g33", false);
    WinogradContract.Case winograd =
        new WinogradContract.Case("ic16ih4oc48kh3ph1", KernelData::floats);
    PooledConvolutionContract.Case pooled =
        new PooledConvolutionContract.Case("ic5ih8oc18kh3ph1", false);
    String joinedName = "ic2ih10iw13oc9kh3ph1";
    PooledForwardContract.Case joined =
        new PooledForwardContract.Case(
            joinedName, KernelData.floats(1, PooledForwardContract.Case.inputs(joinedName)));
    ConvolutionContract.Case first = new ConvolutionContract.Case("ic2ih10oc6kh3ph1", false);
    ConvolutionContract.Case second = new ConvolutionContract.Case("ic6ih14oc16kh5", false);
    RowsContract.Rows rows = new RowsContract.Rows(17, false);
    RowsContract.Rows fewRows = new RowsContract.Rows(6, false);
    Pool2dShape pool = KernelData.pool2d("c6ih6kh2sh2");
    float[] largest = new float[3 * 3 * 6];
    int[] places = new int[3 * 3 * 6];
    requireNone(() -> {
      ConvolutionContract.runAll(kernels, first);
      ConvolutionContract.runAll(kernels, second);
      kernels.maxPoolForward(pool, second.x, largest, places, 0, 1);
      fewRows.run(kernels);
      ConvolutionContract.runAll(kernels, few);
      ConvolutionContract.runAll(kernels, many);
      ConvolutionContract.runAll(kernels, depthwise);
      winograd.runAll(kernels, true);
      pooled.run(kernels, true);
      joined.run(kernels, true, true);
      joined.run(kernels, false, false);
      rows.run(kernels);
    });
  }

  private static void requireNone(Runnable work) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    long allocated = Long.MAX_VALUE;
    // Until compiled, the Vector API allocates each vector; when that is over depends on the load.
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (allocated > 0 && System.nanoTime() < deadline) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < 300; i++) {
        work.run();
      }
      allocated = threads.getThreadAllocatedBytes(thread) - before;
    }
    long last = allocated;
    assertTrue(last == 0, () -> last + " bytes in the last 300 runs");
  }
}
