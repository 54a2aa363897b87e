package io.millrace.tests.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The faults of one run: a function of the scenario, the seed and nothing else. */
record Schedule(Scenario scenario, long seed, List<Fault> faults) {

  private static final int MOST_STEPS = 30;
  private static final int COMMITS = 6;
  private static final int FLUSHES = 4;
  private static final int RESTORE_TURNS = 2;
  private static final int SNAPSHOTS = 2;
  private static final int ANY = 12;

  Schedule {
    faults = List.copyOf(faults);
  }

  static Schedule of(Scenario scenario, long seed, int count) {
    // Its sequence is part of Java's specification, so a seed means the same everywhere.
    Random random = new Random(seed * 31 + scenario.name().hashCode());
    List<Fault> faults = new ArrayList<>();
    List<FaultKind> bag = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (bag.isEmpty()) {
        bag.addAll(scenario.kinds());
        Collections.shuffle(bag, random);
      }
      FaultKind kind = bag.removeLast();
      int steps = 1 + random.nextInt(MOST_STEPS);
      long delayMs = random.nextInt(kind == FaultKind.KILL_STARTING ? 4_000 : 300);
      int drawn = choice(kind, scenario.workload(), random);
      // Variants take turns, so that a few faults cover all of them.
      faults.add(new Fault(kind, steps, delayMs, kind.hasVariants() ? (int) seed + i : drawn));
    }
    return new Schedule(scenario, seed, faults);
  }

  private static int choice(FaultKind kind, Workload workload, Random random) {
    return 1
        + random.nextInt(
            switch (kind) {
              case KILL_IN_STEP, SLOW_STEP -> MOST_STEPS;
              case KILL_IN_SNAPSHOT -> SNAPSHOTS * workload.snapshotRecords();
              case KILL_IN_FLUSH -> FLUSHES * workload.flushRecords();
              case KILL_AFTER_FLUSH, KILL_BEFORE_COMMIT, KILL_AFTER_COMMIT -> COMMITS;
              case KILL_IN_RESTORE -> RESTORE_TURNS;
              case KILL_IN_REBALANCE -> 1;
              default -> ANY;
            });
  }

  /** The command that carries out this schedule again. */
  String replay() {
    return "./millrace test --faults seed="
        + scenario.text()
        + ":"
        + seed
        + (faults.size() == scenario.defaultFaults() ? "" : ":" + faults.size());
  }
}
