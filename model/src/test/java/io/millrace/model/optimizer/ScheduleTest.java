package io.millrace.model.optimizer;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  private static final long FAR = 1_000_000_000_000L;

  static Stream<Schedule> schedules() {
    return Stream.of(
        new ConstantSchedule(0.1),
        new StepDecay(0.1, 3, 0.3, 1e-4),
        new MultiStep(0.1, List.of(5L, 7L, FAR), 0.1),
        new Exponential(0.1, 10, 0.9, 1e-3),
        new CosineWarmRestarts(0.1, 7, 1, 1e-3),
        new CosineWarmRestarts(0.1, 7, 3, 1e-3),
        new LinearWarmup(5, new StepDecay(0.1, 3, 0.3, 1e-4)));
  }

  private static double[] rates(Schedule schedule, long... steps) {
    double[] rates = new double[steps.length];
    for (int i = 0; i < steps.length; i++) {
      rates[i] = schedule.rate(steps[i]);
    }
    return rates;
  }

  @Test
  void constantNeverChanges() {
    assertArrayEquals(
        new double[] {0.05, 0.05, 0.05}, rates(new ConstantSchedule(0.05), 0, 1, FAR));
  }

  @Test
  void stepDecayFallsAtEveryNthStepDownToItsFloor() {
    assertArrayEquals(
        new double[] {0.5, 0.5, 0.25, 0.25, 0.125, 0.1, 0.1, 0.1},
        rates(new StepDecay(0.5, 100, 0.5, 0.1), 0, 99, 100, 199, 200, 300, FAR, Long.MAX_VALUE));
    assertEquals(0, new StepDecay(0.5, 1, 0.5, 0).rate(FAR));
    assertEquals(0.5, new StepDecay(0.5, 1, 1, 0).rate(FAR));
  }

  @Test
  void multiStepFallsAtItsMilestones() {
    assertArrayEquals(
        new double[] {1, 1, 0.25, 0.25, 0.0625, 0.0625, 0.015625},
        rates(new MultiStep(1, List.of(10L, 11L + 10, FAR), 0.25), 0, 9, 10, 20, 21, FAR - 1, FAR));
    assertEquals(0.3, new MultiStep(0.3, List.of(), 0.1).rate(FAR));
  }

  @Test
  void exponentialFallsSmoothlyDownToItsFloor() {
    Schedule schedule = new Exponential(0.8, 2, 0.25, 0.01);
    assertArrayEquals(
        new double[] {0.8, 0.4, 0.2, 0.1, 0.05, 0.025, 0.0125, 0.01, 0.01},
        rates(schedule, 0, 1, 2, 3, 4, 5, 6, 7, FAR),
        1e-17);
  }

  @Test
  void cosineRestartsEveryPeriod() {
    Schedule schedule = new CosineWarmRestarts(1, 4, 1, 0);
    double eighth = (2 + Math.sqrt(2)) / 4;
    assertArrayEquals(
        new double[] {1, eighth, 0.5, 1 - eighth, 1, eighth, 1, 0.5},
        rates(schedule, 0, 1, 2, 3, 4, 5, FAR, FAR + 2),
        1e-15);
  }

  @Test
  void cosinePeriodsGrowByTheMultiplier() {
    // Periods of 2, 6 and 18 steps start at 0, 2 and 8.
    Schedule schedule = new CosineWarmRestarts(0.9, 2, 3, 0.1);
    assertArrayEquals(
        new double[] {0.9, 0.5, 0.9, 0.7, 0.5, 0.3, 0.9, 0.5, 0.9},
        rates(schedule, 0, 1, 2, 4, 5, 6, 8, 17, 26),
        1e-15);
    // After k periods of 2 * 3^j steps stand 3^k - 1; FAR falls into the one from 3^25 - 1.
    double period = 2.0 * 847_288_609_443L;
    double part = (FAR - 847_288_609_442L) / period;
    assertEquals(0.1 + 0.8 * (1 + Math.cos(Math.PI * part)) / 2, schedule.rate(FAR), 1e-15);
    assertTimeoutPreemptively(Duration.ofSeconds(5), () -> schedule.rate(Long.MAX_VALUE));
  }

  @Test
  void warmupRisesInEqualPartsAndThenStartsTheOtherSchedule() {
    Schedule schedule = new LinearWarmup(4, new StepDecay(1, 10, 0.5, 0.25));
    assertArrayEquals(
        new double[] {0.2, 0.4, 0.6, 0.8, 1, 1, 0.5, 0.25},
        rates(schedule, 0, 1, 2, 3, 4, 13, 14, FAR),
        1e-16);
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void theRateIsTheSameInWhateverOrderStepsAreAsked(Schedule schedule) {
    long[] steps = new Random(7).longs(200, 0, 100).toArray();
    double[] upwards = new double[100];
    for (int step = 0; step < 100; step++) {
      upwards[step] = schedule.rate(step);
    }
    for (long step : steps) {
      assertEquals(upwards[(int) step], schedule.rate(step));
    }
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void theRateIsFiniteAndQuickHoweverLargeTheStep(Schedule schedule) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          for (long step = FAR; step < FAR + 10_000; step++) {
            double rate = schedule.rate(step);
            assertEquals(true, rate >= 0 && rate <= 0.1, () -> "rate " + rate);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void negativeStepsAreRefused(Schedule schedule) {
    assertEquals(
        "step: expected at least 0, got -1",
        assertThrows(IllegalArgumentException.class, () -> schedule.rate(-1)).getMessage());
  }

  /** The expected bits are also those of C's pow and cos on x86-64. */
  @Test
  void theBitsAreFixed() {
    assertEquals(0x1.6ad74e585aca1p-10, new StepDecay(0.1, 1000, 0.7, 1e-9).rate(12_345));
    assertEquals(0x1.40d487354a71dp-10, new Exponential(0.1, 1000, 0.7, 1e-9).rate(12_345));
    assertEquals(0x1.a2aca8388b888p-6, new CosineWarmRestarts(0.1, 1000, 2, 1e-3).rate(12_345));
  }

  private static Executable refuses(String message, Executable create) {
    return () ->
        assertEquals(message, assertThrows(IllegalArgumentException.class, create).getMessage());
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertAll(
        refuses("rate: expected a number above 0, got 0.0", () -> new ConstantSchedule(0)),
        refuses("rate: expected a number above 0, got NaN", () -> new ConstantSchedule(Double.NaN)),
        refuses("everySteps: expected at least 1 step, got 0", () -> new StepDecay(1, 0, 0.5, 0)),
        refuses("gamma: expected a number in (0, 1], got 1.5", () -> new StepDecay(1, 1, 1.5, 0)),
        refuses(
            "floor: expected a number from 0 to the rate 1.0, got 2.0",
            () -> new StepDecay(1, 1, 0.5, 2)),
        refuses(
            "milestones: expected rising steps of at least 1, got [5, 5]",
            () -> new MultiStep(1, List.of(5L, 5L), 0.5)),
        refuses(
            "milestones: expected rising steps of at least 1, got [0]",
            () -> new MultiStep(1, List.of(0L), 0.5)),
        refuses("gamma: expected a number in (0, 1], got 0.0", () -> new Exponential(1, 1, 0, 0)),
        refuses(
            "period: expected at least 1 step, got 0", () -> new CosineWarmRestarts(1, 0, 1, 0)),
        refuses("multiplier: expected at least 1, got 0", () -> new CosineWarmRestarts(1, 1, 0, 0)),
        refuses(
            "steps: expected at least 1 step, got 0",
            () -> new LinearWarmup(0, new ConstantSchedule(1))));
  }
}
