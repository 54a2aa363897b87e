package io.millrace.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SeriesTest {
  private static final int ALL = MachineClock.PROCESSORS;

  @Test
  void ratioIsTheMedianOfTheRoundsInWhichNeitherWasDisturbed() {
    Series ours = series(window(20, 0), window(40, 0), window(99, 1), window(30, 0));
    Series theirs = series(window(10, 0), window(10, 0), window(10, 0), window(10, 1));
    assertTrue(ours.comparable(theirs));
    assertEquals(new Spread(3, 2, 4, 2), ours.over(theirs));
  }

  @Test
  void disturbedWindowsAreCountedAndLeftOut() {
    Series series = series(window(10, 0), window(90, 2), window(12, 0));
    assertEquals(1, series.disturbed());
    assertEquals(new Spread(11, 10, 12, 2), series.rate());
  }

  @Test
  void windowThatGotLessCpuThanTheBestIsDisturbed() {
    Series series = series(window(10, 0), new Window(5, 1, 0.8 * ALL, 0));
    assertTrue(series.undisturbed(0));
    assertFalse(series.undisturbed(1));
  }

  @Test
  void allWindowsCountIfAllWereDisturbed() {
    Series ours = series(window(10, 1), window(30, 1));
    Series theirs = series(window(10, 1), window(10, 1));
    assertEquals(2, ours.disturbed());
    assertFalse(ours.comparable(theirs));
    assertEquals(new Spread(2, 1, 3, 2), ours.over(theirs));
  }

  /** A second in which others used {@code foreign} processors. */
  private static Window window(int repetitions, double foreign) {
    return new Window(repetitions, 1, ALL, foreign);
  }

  private static Series series(Window... windows) {
    TreeMap<Integer, Window> rounds = new TreeMap<>();
    for (int round = 0; round < windows.length; round++) {
      rounds.put(round, windows[round]);
    }
    return new Series("engine", ALL, rounds);
  }
}
