package io.millrace.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

  private long wallMs = 1_700_000_000_000L;
  private long nanos = -5_000_000_000L;
  private final List<String> alarms = new ArrayList<>();

  @Test
  void soundsOnceWhenTheClockIsSetBack() {
    try (ClockWatch watch = watch()) {
      pass(1_000, 1_000, watch);
      pass(1_000, -3_600_000, watch);
      pass(1_000, 1_000, watch);
    }
    assertEquals(1, alarms.size());
    assertTrue(alarms.getFirst().contains("set back by 3601 s"), alarms.getFirst());
    assertTrue(alarms.getFirst().contains("start the learner again"), alarms.getFirst());
  }

  @Test
  void leapsForwardAndSmallStepsBackPass() {
    try (ClockWatch watch = watch()) {
      pass(1_000, 86_400_000, watch);
      pass(1_000, 1_000 - ClockWatch.TOLERANCE.toMillis(), watch);
      pass(1_000, 1_000, watch);
    }
    assertEquals(List.of(), alarms);
  }

  @Test
  void aClockThatIsSlowedDownIsNotSetBack() {
    try (ClockWatch watch = watch()) {
      for (int hour = 0; hour < 24; hour++) {
        pass(Duration.ofHours(1).toMillis(), Duration.ofHours(1).toMillis() - 1_800, watch);
      }
    }
    assertEquals(List.of(), alarms);
  }

  private ClockWatch watch() {
    return new ClockWatch(() -> wallMs, () -> nanos, alarm -> alarms.add(alarm.getMessage()));
  }

  private void pass(long realMs, long shownMs, ClockWatch watch) {
    nanos += Duration.ofMillis(realMs).toNanos();
    wallMs += shownMs;
    watch.check();
  }
}
