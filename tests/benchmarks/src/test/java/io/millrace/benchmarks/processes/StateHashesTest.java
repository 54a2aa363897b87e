package io.millrace.benchmarks.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class StateHashesTest {
  private final StateHashes hashes = new StateHashes();

  @Test
  void jvmsThatStopEarlierAreComparedWhereTheyStopped() {
    assertEquals(OptionalInt.empty(), add(Map.of(5, "a", 30, "b", 500, "c")));
    assertEquals(OptionalInt.empty(), add(Map.of(5, "a", 30, "b")));
    assertEquals(OptionalInt.empty(), add(Map.of(5, "a")));
    assertTrue(hashes.equal());
    assertEquals(Map.of(5, "a", 30, "b", 500, "c"), hashes.first());
  }

  @Test
  void theFirstDifferentStepIsNamed() {
    add(Map.of(5, "a", 30, "b", 500, "c"));
    assertEquals(OptionalInt.of(30), add(Map.of(5, "a", 30, "x", 500, "y")));
    assertFalse(hashes.equal());
  }

  @Test
  void aDifferenceIsNotForgotten() {
    add(Map.of(5, "a"));
    assertEquals(OptionalInt.of(5), add(Map.of(5, "x")));
    assertEquals(OptionalInt.empty(), add(Map.of(5, "a")));
    assertFalse(hashes.equal());
  }

  private OptionalInt add(Map<Integer, String> byStep) {
    return hashes.add(new TreeMap<>(byStep));
  }
}
