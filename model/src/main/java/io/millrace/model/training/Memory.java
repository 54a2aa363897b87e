package io.millrace.model.training;

/**
 * Bytes that a learner's steps work in. They are planned when it is built and never grow.
 *
 * @param pass values, gradients and partial sums of the largest minibatch
 * @param passUnshared the same, if what is not needed at the same time had memory of its own
 * @param workspaces what the threads' kernels compute in
 * @param state parameters and momentum
 */
public record Memory(long pass, long passUnshared, long workspaces, long state) {
  /** All of it but the kernels' copies of the weights. */
  public long total() {
    return pass + workspaces + state;
  }
}
