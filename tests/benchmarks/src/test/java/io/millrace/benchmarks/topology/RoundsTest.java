package io.millrace.benchmarks.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.benchmarks.measure.Effort;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Window;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RoundsTest {
  private final List<String> turns = new ArrayList<>();

  @Test
  void subjectsTakeTurnsAndEachRoundBeginsWithAnother() {
    List<Series> series =
        Rounds.measure(List.of(subject("a", 10), subject("b", 20)), new Effort(3, 1, 0));
    assertEquals(List.of("a", "b", "b", "a", "a", "b"), turns);
    assertEquals(2, series.getFirst().windows().size());
    assertEquals(10, series.getFirst().rate().median());
    assertEquals(20, series.getLast().rate().median());
  }

  @Test
  void comparesWithinRounds() {
    List<Series> series =
        Rounds.measure(List.of(subject("a", 10), subject("b", 20)), new Effort(3, 1, 0));
    assertEquals(
        -0.05,
        Rounds.compare(series.getLast(), series.getFirst(), (b, a) -> 1 / b - 1 / a).median(),
        1e-9);
  }

  private Subject subject(String name, int rate) {
    return new Subject() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int threads() {
        return 1;
      }

      @Override
      public Window window(int windowMs) {
        turns.add(name);
        return new Window(rate, 1, 1, 0);
      }
    };
  }
}
