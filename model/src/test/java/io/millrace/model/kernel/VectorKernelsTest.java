package io.millrace.model.kernel;

final class VectorKernelsTest extends KernelContract {
  @Override
  public Kernels kernels() {
    return new VectorKernels();
  }
}
