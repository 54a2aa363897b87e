package io.millrace.benchmarks.measure;

import java.util.List;
import java.util.stream.IntStream;

/**
 * One task's windows, one for each round after the warm-up.
 *
 * <p>A window is disturbed if others wanted the processors that the task needed, or if the process
 * got clearly less CPU time in it than in the task's best window (the best and not 1, because a
 * task may leave threads idle by itself). Disturbed windows are counted and left out, unless all
 * are.
 *
 * @param threads that the task may use
 */
public record Series(String name, int threads, List<Window> windows) {
  private static final double UNDISTURBED = 0.9;

  public Series {
    windows = List.copyOf(windows);
  }

  /** Whether the task had its CPU time in the window of a round. */
  public boolean undisturbed(int round) {
    double best = windows.stream().mapToDouble(w -> w.cpuShare(threads)).max().orElse(0);
    Window window = windows.get(round);
    return !window.contended(threads)
        && window.cpuShare(threads) >= UNDISTURBED * Math.min(1, best);
  }

  /** Repetitions per second in the undisturbed windows. */
  public Spread rate() {
    return Spread.of(rounds().mapToDouble(r -> windows.get(r).rate()).toArray());
  }

  /** CPU time over wall time and threads in the undisturbed windows. */
  public Spread cpuShare() {
    return Spread.of(rounds().mapToDouble(r -> windows.get(r).cpuShare(threads)).toArray());
  }

  /** Windows in which it was disturbed. */
  public int disturbed() {
    return (int) all().filter(round -> !undisturbed(round)).count();
  }

  /**
   * How much faster this is than another task of the same rounds: the rates' ratio within each
   * round in which both were undisturbed, or, if there is no such round, within each round.
   */
  public Spread over(Series other) {
    double[] clean =
        rounds().filter(other::undisturbed).mapToDouble(r -> ratio(other, r)).toArray();
    return Spread.of(clean.length > 0 ? clean : all().mapToDouble(r -> ratio(other, r)).toArray());
  }

  private double ratio(Series other, int round) {
    return windows.get(round).rate() / other.windows.get(round).rate();
  }

  private IntStream all() {
    return IntStream.range(0, windows.size());
  }

  /** The rounds that count. */
  private IntStream rounds() {
    return disturbed() == windows.size() ? all() : all().filter(this::undisturbed);
  }
}
