package io.millrace.topology.state;

import io.millrace.LearnerProgress;

/** What the guard has refused so far, and what it compares the next minibatch with. */
public final class Refusals {

  private final GuardHistory history = new GuardHistory();
  private long minibatches;
  private long images;
  private int inRow;
  private boolean paused;
  private boolean changed;

  public GuardHistory history() {
    return history;
  }

  /** Minibatches refused so far. */
  public long minibatches() {
    return minibatches;
  }

  /** Images in them. */
  public long images() {
    return images;
  }

  /** Minibatches refused since the last accepted one. */
  public int inRow() {
    return inRow;
  }

  /** Whether training waits for an operator. */
  public boolean paused() {
    return paused;
  }

  public void accepted(float loss, double gradientNorm) {
    inRow = 0;
    history.add(loss, gradientNorm);
    changed = true;
  }

  /**
   * Counts a refusal.
   *
   * @param pauseAfter refusals in a row that make training wait; 0 for never
   */
  public void refused(int batchSize, int pauseAfter) {
    minibatches++;
    images += batchSize;
    inRow++;
    paused = pauseAfter > 0 && inRow >= pauseAfter;
    changed = true;
  }

  /** Lets training go on, with nothing to compare with: what was usual before may not be now. */
  public void resume() {
    paused = false;
    forget();
  }

  /** Forgets what the next minibatch would be compared with, since the weights are others now. */
  public void forget() {
    inRow = 0;
    history.clear();
    changed = true;
  }

  boolean drainChanged() {
    boolean drained = changed;
    changed = false;
    return drained;
  }

  void writeTo(LearnerProgress record) {
    history.writeTo(record);
    record.setSkippedMinibatches(minibatches);
    record.setSkippedImages(images);
    record.setSkippedInRow(inRow);
    record.setPaused(paused);
  }

  void readFrom(LearnerProgress record) {
    history.readFrom(record);
    minibatches = record.getSkippedMinibatches();
    images = record.getSkippedImages();
    inRow = record.getSkippedInRow();
    paused = record.getPaused();
  }
}
