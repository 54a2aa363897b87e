package io.millrace.app.produce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final long MS = 1_000_000;

  @Test
  void spreadsSendsEvenly() {
    Pace pace = new Pace(100, 0);
    assertEquals(0, pace.nextDelay(0));
    assertEquals(10 * MS, pace.nextDelay(0));
    assertEquals(10 * MS, pace.nextDelay(10 * MS));
    assertEquals(5 * MS, pace.nextDelay(25 * MS));
  }

  @Test
  void catchesUpForOneSecondAtMost() {
    Pace pace = new Pace(100, 0);
    assertEquals(0, pace.nextDelay(0));
    long late = 60_000 * MS;
    int burst = 0;
    while (pace.nextDelay(late) == 0) {
      burst++;
    }
    assertEquals(101, burst);
  }

  @Test
  void withoutRateNeverWaits() {
    Pace pace = new Pace(0, 0);
    for (int i = 0; i < 1000; i++) {
      assertEquals(0, pace.nextDelay(0));
    }
  }

  @Test
  void waitEndsWhenStopped() {
    CountDownLatch stop = new CountDownLatch(1);
    assertFalse(Pace.await(0, stop));
    assertFalse(Pace.await(MS, stop));
    stop.countDown();
    assertTrue(Pace.await(0, stop));
    assertTrue(Pace.await(60_000 * MS, stop));
  }
}
