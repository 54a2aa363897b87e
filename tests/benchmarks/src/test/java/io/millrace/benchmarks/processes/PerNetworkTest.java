package io.millrace.benchmarks.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PerNetworkTest {
  private static final PerNetwork DEFAULTS = PerNetwork.parse("100,lenet5=500");

  @Test
  void namedNetworksComeBeforeOthersAndBeforeDefaults() {
    PerNetwork steps = PerNetwork.parse("resnet20=30,60");
    assertEquals(30, steps.of("resnet20", DEFAULTS));
    assertEquals(60, steps.of("lenet5", DEFAULTS));
  }

  @Test
  void whatIsNotSaidIsAsInTheDefaults() {
    PerNetwork steps = PerNetwork.parse("resnet20=0");
    assertEquals(0, steps.of("resnet20", DEFAULTS));
    assertEquals(500, steps.of("lenet5", DEFAULTS));
    assertEquals(100, steps.of("folder/my=net.yaml", DEFAULTS));
    assertEquals(0, steps.of("other", PerNetwork.parse("lenet5=5")));
    assertEquals(7, PerNetwork.parse("folder/my=net.yaml=7").of("folder/my=net.yaml", DEFAULTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "-1", "lenet5=", "=5", "5,", "lenet5=1.5", "99999999999"})
  void mistakesAreTold(String text) {
    assertThrows(IllegalArgumentException.class, () -> PerNetwork.parse(text));
  }
}
