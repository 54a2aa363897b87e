package io.millrace.tests.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/** The runs that a command asks for: {@code short}, {@code long} or {@code seed=kills:17}. */
record Plan(String text, List<Schedule> schedules) {

  /** The system property that says which plan; the short one where it is not set. */
  static final String PROPERTY = "millrace.faults";

  private static final String SHORT = "short";
  private static final String LONG = "long";
  private static final Pattern REPLAY =
      Pattern.compile(
          "seed=(?<scenario>[a-z-]+):(?<first>\\d+)(-(?<last>\\d+))?(:(?<count>\\d+))?");

  Plan {
    schedules = List.copyOf(schedules);
  }

  static Plan fromProperty() {
    return parse(Optional.ofNullable(System.getProperty(PROPERTY)).orElse(SHORT));
  }

  static Plan parse(String text) {
    return switch (text) {
      case SHORT -> shortPlan();
      case LONG -> longPlan();
      default -> replay(text);
    };
  }

  private static Plan replay(String text) {
    Matcher parts = REPLAY.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "--faults: expected short, long or seed=SCENARIO:NUMBER such as seed=kills:17 or"
              + " seed=kills:1-20, got "
              + text);
    }
    Scenario scenario = Scenario.parse(parts.group("scenario"));
    long first = Long.parseLong(parts.group("first"));
    String last = parts.group("last");
    String count = parts.group("count");
    int faults = count == null ? scenario.defaultFaults() : Integer.parseInt(count);
    return new Plan(
        text,
        LongStream.rangeClosed(first, last == null ? first : Long.parseLong(last))
            .mapToObj(seed -> Schedule.of(scenario, seed, faults))
            .toList());
  }

  /** Some minutes: every kind of fault, once or a few times. */
  private static Plan shortPlan() {
    List<Schedule> runs = new ArrayList<>();
    runs.add(Schedule.of(Scenario.BROKERS, 1, 2));
    runs.add(Schedule.of(Scenario.KILLS, 1, 10));
    runs.add(Schedule.of(Scenario.COMMANDS, 1, 6));
    runs.add(Schedule.of(Scenario.LARGE_STATE, 1, 2));
    runs.add(Schedule.of(Scenario.NETWORK, 1, 2));
    runs.add(Schedule.of(Scenario.DISK, 1, 1));
    runs.add(Schedule.of(Scenario.ZOMBIES, 1, 1));
    runs.add(Schedule.of(Scenario.TRADING, 1, 2));
    runs.add(Schedule.of(Scenario.CLOCK, 1, 2));
    runs.add(Schedule.of(Scenario.LOCAL_STATE, 1, 1));
    runs.add(Schedule.of(Scenario.SLOW_STEPS, 1, 1));
    runs.add(Schedule.of(Scenario.TRANSACTIONS, 1, 1));
    return new Plan(SHORT, runs);
  }

  private static Plan longPlan() {
    List<Schedule> runs = new ArrayList<>();
    addRuns(runs, Scenario.BROKERS, 5);
    addRuns(runs, Scenario.LARGE_STATE, 3);
    addRuns(runs, Scenario.COMMANDS, 12);
    addRuns(runs, Scenario.NETWORK, 2);
    addRuns(runs, Scenario.DISK, 2);
    addRuns(runs, Scenario.ZOMBIES, 5);
    addRuns(runs, Scenario.TRADING, 2);
    addRuns(runs, Scenario.CLOCK, 2);
    addRuns(runs, Scenario.LOCAL_STATE, 2);
    addRuns(runs, Scenario.SLOW_STEPS, 2);
    addRuns(runs, Scenario.TRANSACTIONS, 2);
    addRuns(runs, Scenario.KILLS, 20);
    return new Plan(LONG, runs);
  }

  private static void addRuns(List<Schedule> runs, Scenario scenario, int count) {
    for (int seed = 1; seed <= count; seed++) {
      runs.add(Schedule.of(scenario, seed, scenario.defaultFaults()));
    }
  }
}
