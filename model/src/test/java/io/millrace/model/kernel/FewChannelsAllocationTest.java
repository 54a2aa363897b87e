package io.millrace.model.kernel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The kernels of LeNet-5 allocate nothing either; in a JVM of its own as in {@link
 * KernelAllocationTest}.
 */
@Tag("own-jvm")
class FewChannelsAllocationTest {

  @Test
  void vectorKernelsOfFewChannelsAllocateNothing() {
    Kernels kernels = new VectorKernels();
    ConvolutionContract.Case first = new ConvolutionContract.Case("ic2ih10oc6kh3ph1", false);
    ConvolutionContract.Case second = new ConvolutionContract.Case("ic6ih14oc16kh5", false);
    RowsContract.Rows rows = new RowsContract.Rows(6, false);
    Pool2dShape pool = KernelData.pool2d("c6ih6kh2sh2");
    float[] pooled = new float[3 * 3 * 6];
    int[] places = new int[3 * 3 * 6];
    KernelAllocationTest.requireNone(() -> {
      ConvolutionContract.runAll(kernels, first);
      ConvolutionContract.runAll(kernels, second);
      kernels.maxPoolForward(pool, second.x, pooled, places, 0, 1);
      rows.run(kernels);
    });
  }
}
