package io.millrace.app.dashboard.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The predictions of the last so many images; their pictures stay where they are. Thread-safe. */
public final class PredictionWindow {
  private final Shown[] window;
  private long added;

  /** A window without images. */
  public PredictionWindow(int size) {
    window = new Shown[size];
  }

  /** Takes the next one. */
  public synchronized void add(Shown shown) {
    window[(int) (added++ % window.length)] = shown;
  }

  /** How many there are. */
  public synchronized int size() {
    return (int) Math.min(added, window.length);
  }

  /** The last ones, the newest first. */
  public synchronized List<Shown> latest(int limit) {
    List<Shown> latest = new ArrayList<>();
    for (int back = 1; back <= Math.min(limit, size()); back++) {
      latest.add(window[(int) ((added - back) % window.length)]);
    }
    return latest;
  }

  /** Those with the largest loss, the largest first; one that is no number is the largest. */
  public synchronized List<Shown> worst(int limit) {
    Comparator<Shown> byLoss = Comparator.comparingDouble(Shown::loss);
    PriorityQueue<Shown> worst = new PriorityQueue<>(byLoss);
    for (int i = 0; i < size(); i++) {
      worst.add(window[i]);
      if (worst.size() > limit) {
        worst.poll();
      }
    }
    return worst.stream().sorted(byLoss.reversed()).toList();
  }

  /**
   * Images by label (row) and prediction (column); a class that is none of them does not count.
   *
   * @param classes rows and columns
   */
  public synchronized int[][] confusion(int classes) {
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < size(); i++) {
      Shown shown = window[i];
      if (isClass(shown.label(), classes) && isClass(shown.predicted(), classes)) {
        counts[shown.label()][shown.predicted()]++;
      }
    }
    return counts;
  }

  private static boolean isClass(int number, int classes) {
    return number >= 0 && number < classes;
  }
}
