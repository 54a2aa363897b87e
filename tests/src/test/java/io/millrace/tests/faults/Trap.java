package io.millrace.tests.faults;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What awaits a learner at a point of its work, once in a process's life.
 *
 * @param count at which passage of the point, counted from 1
 * @param sleepMs how long the thread sleeps there; 0 holds it for ever, so that the process can be
 *     killed at the very place
 */
record Trap(Point point, int count, long sleepMs) {

  /** What a learner's process says when it has come to its trap. */
  static final String REACHED = "trap";

  static Trap hold(Point point, int count) {
    return new Trap(point, count, 0);
  }

  List<String> arguments() {
    return List.of(point.name(), Integer.toString(count), Long.toString(sleepMs));
  }

  static Optional<Trap> parse(List<String> arguments) {
    return arguments.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Trap(
                Point.valueOf(arguments.get(0)),
                Integer.parseInt(arguments.get(1)),
                Long.parseLong(arguments.get(2))));
  }

  /** Springs the trap in the process that runs into it. */
  static final class Watch {

    private final @Nullable Trap trap;
    private final AtomicInteger passages = new AtomicInteger();

    Watch(Optional<Trap> trap) {
      this.trap = trap.orElse(null);
    }

    void passing(Point point) {
      if (trap == null || trap.point != point || passages.incrementAndGet() != trap.count) {
        return;
      }
      ChildJvm.mark(REACHED);
      Pause.ofMs(trap.sleepMs == 0 ? Long.MAX_VALUE : trap.sleepMs);
    }
  }
}
