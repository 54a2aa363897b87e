package io.millrace.model.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What every implementation of {@link Kernels} has to show; a subject joins by subclassing. */
abstract class KernelContract
    implements ConvolutionContract,
        WinogradContract,
        PooledConvolutionContract,
        PooledForwardContract,
        LinearContract,
        PoolingContract,
        RowsContract,
        ElementwiseContract {
  @Test
  void namesItself() {
    assertTrue(kernels().lanes() >= 1);
    assertTrue(!kernels().name().isBlank());
  }
}
