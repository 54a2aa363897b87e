package io.millrace.topology.state;

import io.millrace.LearnerProgress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Test, then train: every image counts as the model saw it before it learned from it. Sums run in
 * the order of the images, in double precision, so that a replay gives the same bits.
 *
 * <p>Source of the method: A. P. Dawid, "Statistical theory: the prequential approach", 1984; J.
 * Gama et al., "On evaluating stream learning algorithms", 2013.
 */
public final class PrequentialMetrics {

  private long count;
  private long correct;
  private double lossSum;
  private float[] windowLosses = new float[0];
  private boolean[] windowHits = new boolean[0];
  private int windowNext;
  private int windowSize;

  /** Sets the window's length; keeps the newest images that still fit. */
  public void window(int length) {
    if (length == windowLosses.length) {
      return;
    }
    float[] losses = new float[length];
    boolean[] hits = new boolean[length];
    int kept = Math.min(windowSize, length);
    for (int i = 0; i < kept; i++) {
      int from = Math.floorMod(windowNext - kept + i, windowLosses.length);
      losses[i] = windowLosses[from];
      hits[i] = windowHits[from];
    }
    windowLosses = losses;
    windowHits = hits;
    windowSize = kept;
    windowNext = kept % length;
  }

  void add(float loss, boolean hit) {
    count++;
    lossSum += loss;
    if (hit) {
      correct++;
    }
    windowLosses[windowNext] = loss;
    windowHits[windowNext] = hit;
    windowNext = (windowNext + 1) % windowLosses.length;
    windowSize = Math.min(windowSize + 1, windowLosses.length);
  }

  /** Images in the window, fewer than its length only at the beginning. */
  public int windowSize() {
    return windowSize;
  }

  /** Mean loss over the window; 0 before the first image. */
  public double windowLoss() {
    double sum = 0;
    for (int age = windowSize; age > 0; age--) {
      sum += windowLosses[Math.floorMod(windowNext - age, windowLosses.length)];
    }
    return windowSize == 0 ? 0 : sum / windowSize;
  }

  /** Share of correct predictions in the window, 0 to 1. */
  public double windowAccuracy() {
    int hits = 0;
    for (int i = 0; i < windowSize; i++) {
      hits += windowHits[i] ? 1 : 0;
    }
    return windowSize == 0 ? 0 : (double) hits / windowSize;
  }

  public double cumulativeLoss() {
    return count == 0 ? 0 : lossSum / count;
  }

  public double cumulativeAccuracy() {
    return count == 0 ? 0 : (double) correct / count;
  }

  void writeTo(LearnerProgress record) {
    List<Float> losses = new ArrayList<>(windowSize);
    byte[] hits = new byte[windowSize];
    for (int i = 0; i < windowSize; i++) {
      int slot = Math.floorMod(windowNext - windowSize + i, windowLosses.length);
      losses.add(windowLosses[slot]);
      hits[i] = (byte) (windowHits[slot] ? 1 : 0);
    }
    record.setMetricsCount(count);
    record.setMetricsCorrect(correct);
    record.setMetricsLossSum(lossSum);
    record.setWindowLosses(losses);
    record.setWindowHits(ByteBuffer.wrap(hits));
  }

  void readFrom(LearnerProgress record) {
    count = record.getMetricsCount();
    correct = record.getMetricsCorrect();
    lossSum = record.getMetricsLossSum();
    List<Float> losses = record.getWindowLosses();
    ByteBuffer hits = record.getWindowHits().duplicate();
    windowSize = losses.size();
    windowLosses = new float[windowSize];
    windowHits = new boolean[windowSize];
    windowNext = 0;
    for (int i = 0; i < windowSize; i++) {
      windowLosses[i] = losses.get(i);
      windowHits[i] = hits.get() != 0;
    }
  }
}
