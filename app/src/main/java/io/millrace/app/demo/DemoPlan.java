package io.millrace.app.demo;

/**
 * How a demo cuts its data into minibatches, snapshots and decays.
 *
 * @param passImages images of one pass over the data set
 * @param images images to stream in all
 */
record DemoPlan(long passImages, long images, int batchSize) {

  private static final int SNAPSHOTS_PER_PASS = 12;
  private static final int DECAYS_PER_PASS = 4;
  private static final int WARMUPS_PER_PASS = 20;

  DemoPlan {
    if (images < batchSize || passImages < batchSize) {
      throw new IllegalArgumentException(
          "demo: expected at least one minibatch of "
              + batchSize
              + " images, got "
              + Math.min(images, passImages)
              + " images; lower --batch-size");
    }
  }

  /** Images that fill minibatches; the rest waits for more. */
  long trainableImages() {
    return images / batchSize * batchSize;
  }

  /** Steps of one pass, or of all there is where that is less. */
  long passSteps() {
    return Math.min(passImages, images) / batchSize;
  }

  /** About a dozen snapshots a pass, one of them after its last step. */
  long snapshotEverySteps() {
    long steps = passSteps();
    long every = Math.max(1, steps / SNAPSHOTS_PER_PASS);
    while (every > 1 && steps % every != 0) {
      every--;
    }
    // A number of steps without fitting divisors: the clock publishes the last ones.
    return steps / every > 4 * SNAPSHOTS_PER_PASS ? Math.max(1, steps / SNAPSHOTS_PER_PASS) : every;
  }

  /** A short rise at the start, where a full step would throw fresh weights about. */
  long warmupSteps() {
    return passSteps() / WARMUPS_PER_PASS;
  }

  /** The learning rate halves often enough in a pass that its last steps are small ones. */
  long decayEverySteps() {
    return Math.max(1, passSteps() / DECAYS_PER_PASS);
  }
}
