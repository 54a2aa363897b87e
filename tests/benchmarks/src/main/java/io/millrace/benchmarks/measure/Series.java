package io.millrace.benchmarks.measure;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One task's windows by the rounds after the warm-up.
 *
 * <p>A window is disturbed if others wanted the processors that the task needed, or if the process
 * got clearly less CPU time in it than in the task's best window (the best and not 1, because a
 * task may leave threads idle by itself). Disturbed windows are counted and left out, unless all
 * are.
 *
 * @param threads that the task may use
 */
public record Series(String name, int threads, NavigableMap<Integer, Window> windows) {
  private static final double UNDISTURBED = 0.9;

  public Series {
    windows = Collections.unmodifiableNavigableMap(new TreeMap<>(windows));
  }

  /** Whether the task had its CPU time in the window of a round. */
  public boolean undisturbed(int round) {
    double best = windows.values().stream().mapToDouble(w -> w.cpuShare(threads)).max().orElse(0);
    Window window = window(round);
    return !window.contended(threads)
        && window.cpuShare(threads) >= UNDISTURBED * Math.min(1, best);
  }

  /** Repetitions per second in the undisturbed windows. */
  public Spread rate() {
    return Spread.of(rounds().mapToDouble(r -> window(r).rate()).toArray());
  }

  /** CPU time over wall time and threads in the undisturbed windows. */
  public Spread cpuShare() {
    return Spread.of(rounds().mapToDouble(r -> window(r).cpuShare(threads)).toArray());
  }

  /** Repetitions per second of CPU time, in all windows: what others hardly change. */
  public Spread cpuRate() {
    return Spread.of(
        all()
            .mapToDouble(r -> window(r).repetitions() / Math.max(1e-6, window(r).cpuSeconds()))
            .toArray());
  }

  /** Processors that others used, on average over each window, disturbed or not; 0 if unknown. */
  public Spread foreign() {
    return Spread.of(
        all().mapToDouble(r -> window(r).foreignCpuSeconds() / window(r).seconds()).toArray());
  }

  /** Windows in which it was disturbed. */
  public int disturbed() {
    return (int) all().filter(round -> !undisturbed(round)).count();
  }

  /**
   * How much faster this is than another task: the rates' ratio within each round of both in which
   * neither was disturbed, or, if there is no such round, within each round of both.
   */
  public Spread over(Series other) {
    IntStream rounds =
        comparable(other) ? common(other).filter(r -> quiet(other, r)) : common(other);
    return Spread.of(rounds.mapToDouble(r -> ratio(other, r)).toArray());
  }

  /** Whether there is a round in which neither this nor the other was disturbed. */
  public boolean comparable(Series other) {
    return common(other).anyMatch(r -> quiet(other, r));
  }

  private boolean quiet(Series other, int round) {
    return undisturbed(round) && other.undisturbed(round);
  }

  private IntStream common(Series other) {
    return all().filter(other.windows::containsKey);
  }

  private double ratio(Series other, int round) {
    return window(round).rate() / other.window(round).rate();
  }

  private Window window(int round) {
    return Objects.requireNonNull(windows.get(round));
  }

  private IntStream all() {
    return windows.keySet().stream().mapToInt(Integer::intValue);
  }

  /** The rounds that count. */
  private IntStream rounds() {
    return disturbed() == windows.size() ? all() : all().filter(this::undisturbed);
  }
}
