package io.millrace.model.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.model.spec.InitializationSpec;
import io.millrace.model.spec.ParameterSpec;
import io.millrace.model.tensor.Shape;
import io.millrace.model.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InitializerTest {
  private static final Shape WEIGHT = Shape.of(64, 32, 3, 3);

  private static float[] draw(String name, InitializationSpec initialization, long seed) {
    Tensor tensor = Tensor.zeros(WEIGHT);
    Initializer.initialize(
        new ParameterSpec(name, WEIGHT, ParameterSpec.Role.WEIGHT), tensor, initialization, seed);
    return tensor.data();
  }

  @ParameterizedTest
  @EnumSource(InitializationSpec.Scheme.class)
  void normalWeightsHaveMeanZeroAndTheSchemesDeviation(InitializationSpec.Scheme scheme) {
    float[] weights =
        draw(
            "conv.weight",
            new InitializationSpec(
                scheme, InitializationSpec.Distribution.NORMAL, InitializationSpec.Fan.IN),
            1);
    double variance =
        scheme == InitializationSpec.Scheme.HE ? 2.0 / (32 * 9) : 2.0 / (32 * 9 + 64 * 9);
    requireMoments(weights, variance);
    double beyond = 0;
    for (float weight : weights) {
      beyond += Math.abs(weight) > 2 * Math.sqrt(variance) ? 1.0 / weights.length : 0;
    }
    assertEquals(0.0455, beyond, 0.01, "share beyond two deviations");
  }

  @ParameterizedTest
  @EnumSource(InitializationSpec.Scheme.class)
  void uniformWeightsHaveMeanZeroAndTheSchemesDeviation(InitializationSpec.Scheme scheme) {
    float[] weights =
        draw(
            "conv.weight",
            new InitializationSpec(
                scheme, InitializationSpec.Distribution.UNIFORM, InitializationSpec.Fan.IN),
            1);
    double variance =
        scheme == InitializationSpec.Scheme.HE ? 2.0 / (32 * 9) : 2.0 / (32 * 9 + 64 * 9);
    requireMoments(weights, variance);
    float bound = (float) Math.sqrt(3 * variance);
    for (float weight : weights) {
      assertTrue(Math.abs(weight) <= bound, "weight " + weight + ", bound " + bound);
    }
  }

  private static void requireMoments(float[] weights, double variance) {
    double mean = 0;
    double square = 0;
    for (float weight : weights) {
      mean += weight / weights.length;
      square += (double) weight * weight / weights.length;
    }
    assertEquals(0, mean, 4 * Math.sqrt(variance / weights.length), "mean");
    assertEquals(1, square / variance, 0.05, "variance over what was expected");
  }

  @Test
  void weightsAreAFunctionOfNameAndSeed() {
    InitializationSpec he = InitializationSpec.withDefaults();
    assertArrayEquals(draw("a.weight", he, 1), draw("a.weight", he, 1));
    assertFalse(Arrays.equals(draw("a.weight", he, 1), draw("b.weight", he, 1)));
    assertFalse(Arrays.equals(draw("a.weight", he, 1), draw("a.weight", he, 2)));
  }

  @Test
  void biasesStartAtZeroAndNormsAsIdentity() {
    for (ParameterSpec.Role role : ParameterSpec.Role.values()) {
      if (role == ParameterSpec.Role.WEIGHT) {
        continue;
      }
      Tensor tensor = new Tensor(Shape.of(3), new float[] {7, 7, 7});
      Initializer.initialize(
          new ParameterSpec("x", Shape.of(3), role), tensor, InitializationSpec.withDefaults(), 1);
      float expected =
          switch (role) {
            case NORM_WEIGHT, RUNNING_VAR -> 1;
            case WEIGHT, BIAS, NORM_BIAS, RUNNING_MEAN -> 0;
          };
      assertArrayEquals(new float[] {expected, expected, expected}, tensor.data(), role.name());
    }
  }
}
