package io.millrace.benchmarks.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreshnessRunTest {

  @Test
  void aQuantileIsTheSmallestValueThatItsShareDoesNotExceed() {
    double[] hundred = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    assertEquals(50, FreshnessRun.quantile(hundred, 0.5));
    assertEquals(99, FreshnessRun.quantile(hundred, 0.99));
    assertEquals(7, FreshnessRun.quantile(new double[] {7}, 0.01));
  }
}
