package io.millrace.model.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptimizerSpecTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1    | 0   | false | 0        | 0  | momentum: expected a number in [0, 1), got 1.0
          -0.1 | 0   | false | 0        | 0  | momentum: expected a number in [0, 1), got -0.1
          NaN  | 0   | false | 0        | 0  | momentum: expected a number in [0, 1), got NaN
          0.9  | 1.1 | false | 0        | 0  | dampening: expected a number in [0, 1], got 1.1
          0.9  | 0.9 | true  | 0        | 0  | nesterov: expected momentum above 0 and dampening 0, got momentum 0.9 and dampening 0.9
          0    | 0   | true  | 0        | 0  | nesterov: expected momentum above 0 and dampening 0, got momentum 0.0 and dampening 0.0
          0    | 0   | false | -1       | 0  | weightDecay: expected a number of at least 0, got -1.0
          0    | 0   | false | Infinity | 0  | weightDecay: expected a number of at least 0, got Infinity
          0    | 0   | false | 0        | -1 | clipGradientNorm: expected a number of at least 0 (0 for no clipping), got -1.0
          """)
  void valuesOutOfRangeAreRefused(
      float momentum, float dampening, boolean nesterov, float decay, float clip, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new OptimizerSpec(momentum, dampening, nesterov, decay, true, clip));
    assertEquals(message, e.getMessage());
  }

  @Test
  void averagingDampensByTheMomentum() {
    assertEquals(
        new OptimizerSpec(0.9f, 0.9f, false, 1e-4f, true, 0), OptimizerSpec.averaging(0.9f, 1e-4f));
    assertEquals(
        new OptimizerSpec(0.9f, 0, false, 1e-4f, true, 0), OptimizerSpec.heavyBall(0.9f, 1e-4f));
    assertEquals(new OptimizerSpec(0, 0, false, 0, true, 0), OptimizerSpec.plain());
  }

  @Test
  void attributesHoldEveryValue() {
    assertEquals(
        Map.of(
            "momentum", "0.9",
            "dampening", "0.0",
            "nesterov", "true",
            "weightDecay", "1.0E-4",
            "decayBiasesAndNorms", "false",
            "clipGradientNorm", "5.0"),
        new OptimizerSpec(0.9f, 0, true, 1e-4f, false, 5).attributes());
    assertEquals(
        OptimizerSpec.class.getRecordComponents().length,
        OptimizerSpec.plain().attributes().size());
  }
}
