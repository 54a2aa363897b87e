package io.millrace.benchmarks.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class AllocationResultTest {

  @Test
  void nothingMeansNoByteInMostWindows() {
    AllocationResult result = AllocatingTraining.read("900 120 10 0 0 40 0 0");
    assertTrue(result.nothing());
    assertEquals(900, result.firstStep());
    assertEquals(120, result.stepsUntilNone());
    assertEquals(4, result.empty());
    assertEquals(0, result.median());
    assertEquals(4, result.most());
  }

  @Test
  void aByteInMostWindowsIsSomething() {
    assertFalse(AllocatingTraining.read("900 120 10 1 0 1 1").nothing());
  }

  @Test
  void noWindowIsNotNothing() {
    assertFalse(AllocatingTraining.read("900 -1 10 0 0 0").nothing());
    assertFalse(AllocatingTraining.read("900 120 10").nothing());
  }
}
