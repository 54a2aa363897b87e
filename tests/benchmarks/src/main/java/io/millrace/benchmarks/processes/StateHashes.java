package io.millrace.benchmarks.processes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Hashes of one training's states, as several JVMs computed them; all of a step must be equal. */
final class StateHashes {
  private final NavigableMap<Integer, String> expected = new TreeMap<>();
  private boolean equal = true;

  /**
   * Takes the hashes of one JVM, by step.
   *
   * @return the first step at which it differs from the JVMs before it
   */
  OptionalInt add(NavigableMap<Integer, String> hashes) {
    List<Integer> different = new ArrayList<>();
    for (Map.Entry<Integer, String> hash : hashes.entrySet()) {
      String before = expected.putIfAbsent(hash.getKey(), hash.getValue());
      if (before != null && !before.equals(hash.getValue())) {
        different.add(hash.getKey());
      }
    }
    if (different.isEmpty()) {
      return OptionalInt.empty();
    }
    equal = false;
    return OptionalInt.of(different.getFirst());
  }

  /** Whether no JVM differed. */
  boolean equal() {
    return equal;
  }

  /** The first JVM's hash of each step. */
  NavigableMap<Integer, String> first() {
    return expected;
  }
}
