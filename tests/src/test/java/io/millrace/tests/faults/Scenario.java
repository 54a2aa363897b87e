package io.millrace.tests.faults;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** Faults that go together, on the workload and the brokers that they need. */
enum Scenario {
  KILLS(10),
  COMMANDS(10),
  LARGE_STATE(10),
  BROKERS(6),
  ZOMBIES(2),
  LOCAL_STATE(5),
  TRADING(6),
  SLOW_STEPS(2),
  TRANSACTIONS(2),
  CLOCK(4),
  NETWORK(3),
  DISK(2);

  private final int defaultFaults;

  Scenario(int defaultFaults) {
    this.defaultFaults = defaultFaults;
  }

  /** Faults in a run, where nothing else is asked for. */
  int defaultFaults() {
    return defaultFaults;
  }

  Workload workload() {
    return switch (this) {
      case LARGE_STATE -> Workload.large();
      case SLOW_STEPS -> Workload.small().with("max.poll.interval.ms", Duration.ofSeconds(3));
      // The learner keeps its place in the group and loses its transaction alone.
      case TRANSACTIONS ->
          Workload.small()
              .with(Workload.SESSION_TIMEOUT, Duration.ofSeconds(12))
              .with("producer.transaction.timeout.ms", Duration.ofSeconds(2));
      default -> Workload.small();
    };
  }

  List<FaultKind> kinds() {
    return switch (this) {
      case KILLS, COMMANDS ->
          List.copyOf(EnumSet.range(FaultKind.KILL, FaultKind.KILL_IN_REBALANCE));
      case LARGE_STATE ->
          List.of(
              FaultKind.KILL,
              FaultKind.KILL_STARTING,
              FaultKind.KILL_IN_SNAPSHOT,
              FaultKind.KILL_IN_FLUSH,
              FaultKind.KILL_AFTER_FLUSH,
              FaultKind.KILL_AFTER_COMMIT,
              FaultKind.KILL_IN_RESTORE);
      case BROKERS ->
          List.of(FaultKind.BROKER_KILL, FaultKind.BROKER_STOP, FaultKind.BROKER_AND_LEARNER_KILL);
      case ZOMBIES -> List.of(FaultKind.ZOMBIE);
      case LOCAL_STATE -> List.of(FaultKind.STATE_DELETED);
      case TRADING -> List.of(FaultKind.TRADE);
      case SLOW_STEPS -> List.of(FaultKind.SLOW_STEP);
      case TRANSACTIONS -> List.of(FaultKind.TRANSACTION_TIMEOUT);
      case CLOCK -> List.of(FaultKind.CLOCK_JUMP);
      case NETWORK -> List.of(FaultKind.NETWORK_CUT);
      case DISK -> List.of(FaultKind.DISK_FULL);
    };
  }

  int brokers() {
    return this == BROKERS ? 3 : 1;
  }

  /** Learners that run at the same time and trade the one task. */
  int instances() {
    return this == TRADING ? 2 : 1;
  }

  /** Whether it takes network and mount namespaces of its own. */
  boolean isolated() {
    return this == NETWORK || this == DISK;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Scenario parse(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
