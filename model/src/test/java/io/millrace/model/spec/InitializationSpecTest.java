package io.millrace.model.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.model.spec.InitializationSpec.Distribution;
import io.millrace.model.spec.InitializationSpec.Fan;
import io.millrace.model.spec.InitializationSpec.Scheme;
import io.millrace.model.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitializationSpecTest {
  /** Fan in 4*3*3 = 36 and fan out 12*3*3 = 108; linear 8 and 24. */
  @ParameterizedTest
  @CsvSource({
    "HE, NORMAL, IN, 0.23570226, 0.5",
    "HE, UNIFORM, IN, 0.40824829, 0.86602540",
    "HE, NORMAL, OUT, 0.13608276, 0.28867513",
    "GLOROT, NORMAL, IN, 0.11785113, 0.25",
    "GLOROT, UNIFORM, OUT, 0.20412415, 0.43301270",
  })
  void scalesAreThoseOfTheFormula(
      Scheme scheme, Distribution distribution, Fan fan, double conv, double linear) {
    InitializationSpec spec = new InitializationSpec(scheme, distribution, fan);
    assertEquals(conv, spec.scale(Shape.of(12, 4, 3, 3)), 1e-8);
    assertEquals(linear, spec.scale(Shape.of(24, 8)), 1e-8);
  }

  @Test
  void aBiasHasNoFan() {
    assertEquals(
        "initialization: expected a weight of rank 2 or 4, got [12]",
        assertThrows(
                IllegalArgumentException.class,
                () -> InitializationSpec.withDefaults().scale(Shape.of(12)))
            .getMessage());
  }
}
