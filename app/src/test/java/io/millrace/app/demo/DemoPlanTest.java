package io.millrace.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoPlanTest {

  @Test
  void publishesAfterTheLastStepOfAWholeSet() {
    DemoPlan plan = new DemoPlan(60_000, 60_000, 32);
    assertEquals(1_875, plan.passSteps());
    assertEquals(125, plan.snapshotEverySteps());
    assertEquals(60_000, plan.trainableImages());
  }

  @ParameterizedTest
  @ValueSource(longs = {32, 33, 100, 12_000, 59_999, 32 * 1_009})
  void publishesAFewDozenTimesAPassAtMost(long images) {
    DemoPlan plan = new DemoPlan(images, images, 32);
    assertTrue(plan.snapshotEverySteps() >= 1);
    assertTrue(plan.passSteps() / plan.snapshotEverySteps() <= 48, plan.toString());
  }

  @Test
  void leavesAPartialMinibatchWaiting() {
    assertEquals(96, new DemoPlan(100, 100, 32).trainableImages());
    assertEquals(192, new DemoPlan(100, 200, 32).trainableImages());
  }

  @Test
  void refusesFewerImagesThanAMinibatch() {
    var e = assertThrows(IllegalArgumentException.class, () -> new DemoPlan(31, 31, 32));
    assertTrue(String.valueOf(e.getMessage()).contains("lower --batch-size"), e.toString());
  }
}
