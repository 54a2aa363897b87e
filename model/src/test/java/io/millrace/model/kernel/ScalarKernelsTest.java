package io.millrace.model.kernel;

final class ScalarKernelsTest extends KernelContract {
  @Override
  public Kernels kernels() {
    return new ScalarKernels();
  }
}
