package io.millrace.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class InterleavedTest {

  @Test
  void eachTaskIsMeasuredWithItsThreadsAndCountsItsRepetitions() {
    List<Integer> first = new ArrayList<>();
    List<Integer> second = new ArrayList<>();
    List<Series> series =
        Interleaved.measure(
            List.of(new Task("one", 1, first::add), new Task("two", 2, second::add)),
            new Effort(3, 1, 0));
    assertEquals(List.of("one", "two"), series.stream().map(Series::name).toList());
    assertEquals(List.of(1, 2), series.stream().map(Series::threads).toList());
    for (Series each : series) {
      // Disturbed rounds are made up for.
      assertTrue(each.windows().size() >= 2, each::toString);
      assertEquals(1, each.windows().firstKey());
    }
    assertEquals(IntStream.range(0, first.size()).boxed().toList(), first);
    assertEquals(IntStream.range(0, second.size()).boxed().toList(), second);
  }
}
