package io.millrace.benchmarks.topology;

import io.millrace.benchmarks.measure.Window;

/** What takes its turn in a round; it rests outside of its windows. */
interface Subject {
  String name();

  /** That it may use. */
  int threads();

  /** Runs for about this long; repetitions are training steps. */
  Window window(int windowMs);
}
