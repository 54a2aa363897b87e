package io.millrace.app.dashboard.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Means, order, gaps and bad numbers. */
class CurvesTest {
  private static final long NOW_MS = 1_800_000_000_000L;

  private final Curves curves = new Curves(() -> NOW_MS);

  private static Point point(long timeMs, long step, double loss) {
    return new Point(timeMs, step, 32 * step, loss, 0.5, loss, 0.5, 0.1, 1, 100, 3);
  }

  @Test
  void aPointIsTheMeanOfItsSecondAndTheLastStepOfIt() {
    curves.add(point(NOW_MS - 5_000, 1, 1));
    curves.add(point(NOW_MS - 4_900, 2, 3));
    curves.add(point(NOW_MS - 3_000, 3, 9));
    List<Point> points = curves.last(900);
    assertEquals(2, points.size());
    assertEquals(2, points.getFirst().windowLoss());
    assertEquals(2, points.getFirst().step());
    assertEquals(NOW_MS - 4_900, points.getFirst().timeMs());
    assertEquals(9, points.getLast().windowLoss());
  }

  @Test
  void thePastMayComeAfterThePresent() {
    for (long back = 0; back < 3_000; back++) {
      curves.add(point(NOW_MS - 1_000 * back, 10_000 - back, (double) back));
    }
    List<Point> points = curves.last(900);
    assertEquals(900, points.size());
    for (int i = 0; i < points.size(); i++) {
      assertEquals(899 - i, points.get(i).windowLoss());
    }
    // The first and the last interval of 3 s are there in part.
    assertEquals(1_001, curves.last(3_600).size());
  }

  @Test
  void aNumberThatIsNoneLeavesTheOthersOfItsSecond() {
    curves.add(point(NOW_MS - 100, 1, Double.NaN));
    assertTrue(Double.isNaN(curves.last(900).getFirst().loss()));
    curves.add(point(NOW_MS - 90, 2, 4));
    curves.add(point(NOW_MS - 80, 3, Double.POSITIVE_INFINITY));
    assertEquals(4, curves.last(900).getFirst().loss());
    assertEquals(3, curves.last(900).getFirst().step());
  }

  @Test
  void aClockThatIsFarAheadDoesNotPushOutTheOthers() {
    curves.add(point(NOW_MS - 2_000, 1, 1));
    curves.add(point(NOW_MS + 1_000_000_000_000L, 2, 2));
    curves.add(point(NOW_MS - 1_000, 3, 3));
    assertEquals(List.of(1.0, 3.0, 2.0), curves.last(900).stream().map(Point::loss).toList());
  }

  @Test
  void whatIsOlderThanItsRangeIsGone() {
    curves.add(point(NOW_MS - 901_000, 1, 1));
    curves.add(point(NOW_MS - 25L * 3_600_000, 1, 1));
    assertEquals(0, curves.last(900).size());
    assertEquals(1, curves.last(3_600).size());
    assertEquals(1, curves.last(86_400).size());
  }

  @Test
  void arrivalsAreMeansOfATenthOfASecondAndBounded() {
    Arrivals arrivals = new Arrivals(10);
    arrivals.add(point(NOW_MS, 1, 1));
    arrivals.add(point(NOW_MS + 50, 2, 3));
    arrivals.add(point(NOW_MS + 100, 3, 5));
    assertEquals(List.of(2.0, 5.0), arrivals.take().stream().map(Point::loss).toList());
    assertEquals(List.of(), arrivals.take());
    for (int i = 0; i < 100; i++) {
      arrivals.add(point(NOW_MS + 100L * i, i, i));
    }
    List<Point> points = arrivals.take();
    assertEquals(10, points.size());
    assertEquals(99, points.getLast().step());
  }

  @Test
  void theWindowKnowsTheNewestTheWorstAndWhatIsConfused() {
    PredictionWindow window = new PredictionWindow(100);
    for (int i = 0; i < 250; i++) {
      window.add(new Shown(0, i, i % 3, i % 2, 0.5f, i % 50 == 7 ? Float.NaN : i % 50, i));
    }
    assertEquals(100, window.size());
    assertEquals(List.of(249L, 248L, 247L), window.latest(3).stream().map(Shown::offset).toList());
    List<Shown> worst = window.worst(4);
    assertTrue(Float.isNaN(worst.get(0).loss()) && Float.isNaN(worst.get(1).loss()));
    assertEquals(49, worst.get(2).loss());
    assertEquals(49, worst.get(3).loss());
    int[][] confusion = window.confusion(3);
    int all = 0;
    for (int label = 0; label < 3; label++) {
      assertEquals(0, confusion[label][2]);
      all += confusion[label][0] + confusion[label][1];
    }
    assertEquals(100, all);
    assertEquals(17, confusion[1][1]);
  }
}
