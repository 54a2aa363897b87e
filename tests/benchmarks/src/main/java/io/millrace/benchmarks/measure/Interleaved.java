package io.millrace.benchmarks.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Runs tasks in turn, a short window each, round after round, so that whatever happens on the
 * machine meets all of them. Each round starts with another task. The first third of the rounds is
 * warm-up and thrown away. A task whose one repetition takes much longer than a window runs in
 * every third round only.
 */
public final class Interleaved {
  /** Lets the waiting threads of the task before fall asleep, which spin for some milliseconds. */
  private static final long PAUSE_MS = 20;

  private static final long LOOK_MS = 100;

  /** A task is slow if one repetition takes longer than this many windows. */
  private static final int SLOW_WINDOWS = 4;

  private static final int SLOW_EVERY = 3;

  private final List<Task> tasks;
  private final Effort effort;
  private final List<NavigableMap<Integer, Window>> windows = new ArrayList<>();
  private final int[] repetitions;
  private final boolean[] slow;
  private double patienceSeconds;

  private Interleaved(List<Task> tasks, Effort effort) {
    this.tasks = tasks;
    this.effort = effort;
    repetitions = new int[tasks.size()];
    slow = new boolean[tasks.size()];
    patienceSeconds = effort.patienceSeconds();
    tasks.forEach(_ -> windows.add(new TreeMap<>()));
  }

  /**
   * Measures tasks. When others want the processors it waits, as long as there is patience, and
   * makes up for disturbed rounds by further ones, at most as many again.
   *
   * @return in the order of the tasks
   */
  public static List<Series> measure(List<Task> tasks, Effort effort) {
    return new Interleaved(tasks, effort).measure();
  }

  private List<Series> measure() {
    int mostThreads = tasks.stream().mapToInt(Task::threads).max().orElse(1);
    int disturbed = 0;
    for (int round = 0; round < effort.rounds() + Math.min(disturbed, effort.rounds()); round++) {
      boolean quiet = round(round);
      disturbed += quiet ? 0 : 1;
      if (!quiet) {
        await(mostThreads);
      }
    }
    List<Series> series = new ArrayList<>();
    for (int t = 0; t < tasks.size(); t++) {
      Task task = tasks.get(t);
      series.add(new Series(task.name(), task.threads(), windows.get(t)));
    }
    return series;
  }

  /** One window of each task; whether none that counts was disturbed. */
  private boolean round(int round) {
    boolean quiet = true;
    for (int turn = 0; turn < tasks.size(); turn++) {
      int t = (round + turn) % tasks.size();
      if (slow[t] && (round - effort.warmUpRounds()) % SLOW_EVERY != 0) {
        continue;
      }
      sleep(PAUSE_MS);
      Window window = window(tasks.get(t), repetitions[t], effort.windowMs());
      repetitions[t] += window.repetitions();
      slow[t] = window.seconds() * 1000 > SLOW_WINDOWS * effort.windowMs();
      if (round >= effort.warmUpRounds()) {
        windows.get(t).put(round, window);
        quiet &= !window.contended(tasks.get(t).threads());
      }
    }
    return quiet;
  }

  private static Window window(Task task, int firstRepetition, int windowMs) {
    int repetitions = 0;
    WindowClock clock = WindowClock.start(List.of());
    do {
      task.step().accept(firstRepetition + repetitions);
      repetitions++;
    } while (clock.seconds() * 1000 < windowMs);
    return clock.stop(repetitions);
  }

  /** Waits until others leave the processors, for as long as the patience lasts. */
  private void await(int threads) {
    while (patienceSeconds > 0) {
      WindowClock clock = WindowClock.start(List.of());
      sleep(LOOK_MS);
      Window look = clock.stop(1);
      if (!look.contended(threads)) {
        return;
      }
      patienceSeconds -= look.seconds();
    }
  }

  private static void sleep(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("measuring was interrupted", e);
    }
  }
}
