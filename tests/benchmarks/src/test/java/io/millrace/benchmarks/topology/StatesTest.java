package io.millrace.benchmarks.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class StatesTest {

  @ParameterizedTest
  @EnumSource(States.class)
  void networkHasAboutAsManyParametersAsItsNameSays(States state) {
    double expected =
        switch (state) {
          case LENET5 -> 61_706;
          case MILLION -> 1e6;
          case FIVE_MILLION -> 5e6;
        };
    assertEquals(expected, (double) States.parameters(state.network()), 0.02 * expected);
    assertSame(state, States.of(state.label()));
  }
}
