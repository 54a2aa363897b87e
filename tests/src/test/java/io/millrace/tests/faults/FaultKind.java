package io.millrace.tests.faults;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The faults, each with the words by which results name it. */
enum FaultKind {
  KILL("kill -9 of the learner at a random moment"),
  KILL_STARTING("kill -9 of the learner while it starts"),
  KILL_IN_STEP("kill -9 of the learner in a step", Point.STEP),
  KILL_IN_SNAPSHOT("kill -9 of the learner in a snapshot", Point.SNAPSHOT),
  KILL_IN_FLUSH("kill -9 of the learner in the changelog's flush", Point.FLUSH),
  KILL_AFTER_FLUSH("kill -9 of the learner between flush and offsets", Point.OFFSETS),
  KILL_BEFORE_COMMIT("kill -9 of the learner between offsets and commit", Point.COMMIT),
  KILL_AFTER_COMMIT("kill -9 of the learner right after a commit", Point.COMMITTED),
  KILL_IN_RESTORE("kill -9 of the learner while it restores", Point.RESTORE),
  KILL_IN_REBALANCE("kill -9 of the learner while its group rebalances", Point.ASSIGNED),
  BROKER_KILL("kill -9 of a broker"),
  BROKER_STOP("clean stop of a broker"),
  BROKER_AND_LEARNER_KILL("kill -9 of a broker and the learner"),
  ZOMBIE("SIGSTOP past the session timeout, then SIGCONT"),
  STATE_DELETED("local state deleted"),
  DISK_FULL("local disk full"),
  TRADE("kill -9 of one of two instances"),
  NETWORK_CUT("network cut"),
  SLOW_STEP("step past max.poll.interval"),
  CLOCK_JUMP("clock jump"),
  TRANSACTION_TIMEOUT("transaction timed out");

  private final String words;
  private final @Nullable Point point;

  FaultKind(String words) {
    this(words, null);
  }

  FaultKind(String words, @Nullable Point point) {
    this.words = words;
    this.point = point;
  }

  String words() {
    return words;
  }

  /** Whether the fault strikes in one of several ways, or one of several processes. */
  boolean hasVariants() {
    return compareTo(BROKER_KILL) >= 0 && this != SLOW_STEP;
  }

  /** Where the learner is killed, for the faults that strike at one exact place. */
  Optional<Point> point() {
    return Optional.ofNullable(point);
  }
}
