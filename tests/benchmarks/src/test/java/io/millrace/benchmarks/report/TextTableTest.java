package io.millrace.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class TextTableTest {

  @Test
  void wordsAreFlushLeftAndGroupsApart() {
    assertEquals(
        List.of(
            "network  images/s",
            "",
            "lenet5         10",
            "lenet5     10,000",
            "",
            "small           7"),
        TextTable.table(
            List.of("network", "images/s"),
            Set.of("network"),
            1,
            List.of(List.of("lenet5", "10"), List.of("lenet5", "10,000"), List.of("small", "7"))));
  }
}
