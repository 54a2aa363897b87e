package io.millrace.benchmarks.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.benchmarks.measure.Series;
import io.millrace.benchmarks.measure.Spread;
import io.millrace.benchmarks.measure.Window;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ScalingCaseTest {
  private static final int BATCH = 32;
  private static final int ALL = Runtime.getRuntime().availableProcessors();

  /** Of processors: as much as none can leave. */
  private static final double BUSY = 1e3;

  @Test
  void speedUpIsTheRatioWithinUndisturbedRounds() {
    ScalingCase result =
        result(
            series(1, window(1, 10, 0), window(1, 20, 0), window(1, 10, 0)),
            series(ALL, window(ALL, 18, 0), window(ALL, 38, 0), window(ALL, 99, BUSY)));
    ScalingCase.Row all = result.rows().getLast();
    assertEquals(ALL, all.threads());
    assertEquals(new Spread(1.85, 1.8, 1.9, 2), all.speedUp());
    assertEquals(new Spread(28 * BATCH, 18 * BATCH, 38 * BATCH, 2), all.imagesPerSecond());
    assertEquals(1, all.disturbed());
    assertEquals(BUSY, all.foreign().max());
    assertEquals(38.0 * BATCH / ALL, all.imagesPerCpuSecond().median(), 1e-9);
    assertTrue(result.reaches(1.85));
    assertFalse(result.reaches(1.86));
  }

  @Test
  void whatCouldNotBeMeasuredIsNotReached() {
    ScalingCase result = result(series(1, window(1, 10, 0)), series(ALL, window(ALL, 30, BUSY)));
    assertFalse(result.rows().getLast().reliable());
    assertFalse(result.reaches(1.85));
  }

  @Test
  void isReadAsItWasWritten() throws JsonProcessingException {
    ScalingCase result = result(series(1, window(1, 10, 0)), series(ALL, window(ALL, 18, 0)));
    ObjectMapper json = new ObjectMapper();
    assertEquals(result, json.readValue(json.writeValueAsString(result), ScalingCase.class));
  }

  private static ScalingCase result(Series... series) {
    return ScalingCase.of("network", BATCH, List.of(series));
  }

  /** A second in which the threads had all their time, and others some processors. */
  private static Window window(int threads, int steps, double foreign) {
    return new Window(steps, 1, threads, foreign);
  }

  private static Series series(int threads, Window... windows) {
    TreeMap<Integer, Window> rounds = new TreeMap<>();
    for (int round = 0; round < windows.length; round++) {
      rounds.put(round, windows[round]);
    }
    return new Series("threads", threads, rounds);
  }
}
