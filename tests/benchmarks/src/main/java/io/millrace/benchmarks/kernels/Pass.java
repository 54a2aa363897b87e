package io.millrace.benchmarks.kernels;

/** What is timed of a layer. */
enum Pass {
  FORWARD("forward", "forward", 1),
  BACKWARD_INPUT("backwardInput", "backward input", 1),
  BACKWARD_WEIGHT("backwardWeight", "backward weight", 1),
  /** Both gradients, as training computes them. */
  BACKWARD("backward", "backward, both", 2);

  private final String method;
  private final String title;
  private final int products;

  Pass(String method, String title, int products) {
    this.method = method;
    this.title = title;
    this.products = products;
  }

  /** The method of {@link KernelBenchmark} that times it. */
  String method() {
    return method;
  }

  /** Heads its column. */
  String title() {
    return title;
  }

  /** Products of the layer's size that it computes: each gradient costs what forward costs. */
  int products() {
    return products;
  }
}
