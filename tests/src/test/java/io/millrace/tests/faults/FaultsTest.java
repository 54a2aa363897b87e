package io.millrace.tests.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever strikes a learner, it has learned in the end what one learns that nothing strikes: every
 * hash is equal, no step is missing and none is double.
 */
class FaultsTest {

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Plan PLAN = Plan.fromProperty();
  private static final List<RunResult> RESULTS = new ArrayList<>();
  private static final List<String> NOT_RUN = new ArrayList<>();

  @TempDir static Path folder;

  @SuppressWarnings("NullAway.Init") // by JUnit, before any test
  private static FaultRuns runs;

  @BeforeAll
  static void startRuns() {
    runs = new FaultRuns(PLAN.schedules(), folder, TARGET.resolve("faults"));
  }

  @AfterAll
  static void writeTable() throws IOException {
    runs.close();
    String table = ResultTable.of(RESULTS, NOT_RUN);
    Files.writeString(TARGET.resolve("faults.md"), table);
    System.out.println("\n" + table);
  }

  @TestFactory
  Stream<DynamicTest> endsEqualToAnUndisturbedRun() {
    return PLAN.schedules().stream()
        .map(schedule ->
            DynamicTest.dynamicTest(
                schedule.scenario().text() + " seed " + schedule.seed(), () -> check(schedule)));
  }

  private static void check(Schedule schedule) throws Exception {
    switch (runs.result(schedule).get()) {
      case FaultRuns.Outcome.Ran ran -> {
        RESULTS.add(ran.result());
        assertEquals(
            List.of(),
            ran.result().problems(),
            () -> "replay it with " + schedule.replay() + "; schedule " + schedule.faults());
      }
      case FaultRuns.Outcome.NotRun notRun -> {
        NOT_RUN.add(schedule.scenario().text() + ": " + notRun.reason());
        abort("not run: " + notRun.reason());
      }
    }
  }

  @Test
  void aScheduleIsAFunctionOfItsSeed() {
    for (Scenario scenario : Scenario.values()) {
      assertEquals(Schedule.of(scenario, 7, 10), Schedule.of(scenario, 7, 10));
      assertNotEquals(Schedule.of(scenario, 7, 10), Schedule.of(scenario, 8, 10));
    }
  }
}
