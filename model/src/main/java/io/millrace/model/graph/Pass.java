package io.millrace.model.graph;

import io.millrace.model.kernel.Kernels;
import io.millrace.model.kernel.Workers;

/**
 * What operations compute with: kernels, threads, and which minibatch it is. One object is reused
 * from step to step. Work is cut into {@link Workers#SHARDS} ranges whatever the threads.
 */
public final class Pass {
  /** Work on a range; ranges of one run do not overlap and may run at the same time. */
  @FunctionalInterface
  interface RangeTask {
    void run(Pass pass, int shard, int from, int to);
  }

  private final Kernels kernels;
  private final Workers workers;
  private final int maxBatch;
  private final boolean training;
  private final long seed;
  private float[][] workspaces;
  private int batchSize;
  private long step;

  /**
   * @param maxBatch the largest minibatch
   * @param training whether gradients are computed, batch norm takes the minibatch's statistics and
   *     dropout drops
   * @param seed of dropout
   */
  public Pass(Kernels kernels, Workers workers, int maxBatch, boolean training, long seed) {
    if (maxBatch < 1) {
      throw new IllegalArgumentException("maxBatch: expected at least 1, got " + maxBatch);
    }
    this.kernels = kernels;
    this.workers = workers;
    this.maxBatch = maxBatch;
    this.training = training;
    this.seed = seed;
    workspaces = new float[workers.threads()][0];
  }

  /** Starts a minibatch of {@code batchSize} samples, the {@code step}-th from 0 on. */
  public void begin(int batchSize, long step) {
    if (batchSize < 1 || batchSize > maxBatch) {
      throw new IllegalArgumentException(
          "minibatch: expected 1 to " + maxBatch + " samples, got " + batchSize);
    }
    this.batchSize = batchSize;
    this.step = step;
  }

  public Kernels kernels() {
    return kernels;
  }

  public int maxBatch() {
    return maxBatch;
  }

  public boolean training() {
    return training;
  }

  public long seed() {
    return seed;
  }

  public int batchSize() {
    return batchSize;
  }

  public long step() {
    return step;
  }

  Workers workers() {
    return workers;
  }

  /** The calling thread's workspace, of undefined content, for the length of one task. */
  float[] workspace() {
    return workspaces[workers.slot()];
  }

  /** Floats of all threads' workspaces. */
  public long workspaceElements() {
    return (long) workspaces.length * workspaces[0].length;
  }

  void reserveWorkspace(int elements) {
    if (workspaces[0].length < elements) {
      workspaces = new float[workers.threads()][elements];
    }
  }
}
