package io.millrace.topology.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GuardHistoryTest {

  private static GuardHistory history(int window, double... values) {
    GuardHistory history = new GuardHistory();
    history.window(window);
    for (double value : values) {
      history.add((float) value, 10 * value);
    }
    return history;
  }

  @Test
  void limitIsTheMeanAndSoManyDeviations() {
    // 1, 3, 5, 7: mean 4, deviation sqrt(5).
    GuardHistory history = history(4, 1, 3, 5, 7);
    assertEquals(4 + 6 * Math.sqrt(5), history.lossLimit(6), 1e-9);
    assertEquals(40 + 60 * Math.sqrt(5), history.normLimit(6), 1e-9);
  }

  @Test
  void limitIsAtLeastTwiceTheMean() {
    assertEquals(4, history(3, 2, 2, 2).lossLimit(6));
  }

  @Test
  void forgetsTheOldest() {
    assertEquals(4, history(3, 900, 2, 2, 2).lossLimit(6));
  }

  @Test
  void isFullAfterAWholeWindow() {
    assertFalse(history(3, 1, 1).full());
    assertTrue(history(3, 1, 1, 1).full());
    assertFalse(new GuardHistory().full());
  }

  @Test
  void anotherWindowKeepsTheNewest() {
    GuardHistory history = history(4, 900, 900, 2, 2);
    history.window(2);
    assertTrue(history.full());
    assertEquals(4, history.lossLimit(6));
    history.window(5);
    assertFalse(history.full());
    history.add(2, 20);
    history.add(2, 20);
    history.add(2, 20);
    assertTrue(history.full());
    assertEquals(4, history.lossLimit(6));
    history.add(8, 80);
    assertEquals(3.2 + 6 * 2.4, history.lossLimit(6), 1e-6, "of 2, 2, 2, 2, 8");
  }
}
