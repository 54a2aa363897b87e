package io.millrace.topology.state;

import io.millrace.LearnerProgress;
import java.util.ArrayList;
import java.util.List;

/** Losses and gradient norms of the last accepted minibatches. */
public final class GuardHistory {

  private float[] losses = new float[0];
  private double[] norms = new double[0];
  private int size;
  private int next;

  /** Sets how many are kept at most; keeps the newest that still fit. */
  public void window(int length) {
    if (length == losses.length) {
      return;
    }
    float[] keptLosses = new float[length];
    double[] keptNorms = new double[length];
    int kept = Math.min(size, length);
    for (int i = 0; i < kept; i++) {
      keptLosses[i] = losses[slot(kept - i)];
      keptNorms[i] = norms[slot(kept - i)];
    }
    losses = keptLosses;
    norms = keptNorms;
    size = kept;
    next = kept % length;
  }

  /** Whether there are as many as there can be. */
  public boolean full() {
    return size > 0 && size == losses.length;
  }

  public void add(float loss, double norm) {
    losses[next] = loss;
    norms[next] = norm;
    next = (next + 1) % losses.length;
    size = Math.min(size + 1, losses.length);
  }

  void clear() {
    size = 0;
    next = 0;
  }

  /**
   * Where a loss begins to be far above: the mean and so many standard deviations, but at least
   * twice the mean.
   */
  public double lossLimit(double sigmas) {
    double sum = 0;
    double squares = 0;
    for (int age = size; age > 0; age--) {
      double value = losses[slot(age)];
      sum += value;
      squares += value * value;
    }
    return limit(sum, squares, sigmas);
  }

  /** The same for a gradient norm. */
  public double normLimit(double sigmas) {
    double sum = 0;
    double squares = 0;
    for (int age = size; age > 0; age--) {
      double value = norms[slot(age)];
      sum += value;
      squares += value * value;
    }
    return limit(sum, squares, sigmas);
  }

  private double limit(double sum, double squares, double sigmas) {
    double mean = sum / size;
    double deviation = Math.sqrt(Math.max(0, squares / size - mean * mean));
    return mean + Math.max(mean, sigmas * deviation);
  }

  /** The slot of the value that was added {@code age} values ago; 1 is the newest. */
  private int slot(int age) {
    return Math.floorMod(next - age, losses.length);
  }

  void writeTo(LearnerProgress record) {
    List<Float> oldestFirst = new ArrayList<>(size);
    List<Double> oldestNormsFirst = new ArrayList<>(size);
    for (int age = size; age > 0; age--) {
      oldestFirst.add(losses[slot(age)]);
      oldestNormsFirst.add(norms[slot(age)]);
    }
    record.setGuardLosses(oldestFirst);
    record.setGuardGradientNorms(oldestNormsFirst);
  }

  void readFrom(LearnerProgress record) {
    size = record.getGuardLosses().size();
    losses = new float[size];
    norms = new double[size];
    next = 0;
    for (int i = 0; i < size; i++) {
      losses[i] = record.getGuardLosses().get(i);
      norms[i] = record.getGuardGradientNorms().get(i);
    }
  }
}
