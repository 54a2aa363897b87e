package io.millrace.app.doctor;

import java.util.List;

/** Threads of a training step beside the processors that this process may use. */
final class ProcessorsCheck implements Check {

  private final int threads;

  ProcessorsCheck(int threads) {
    this.threads = threads;
  }

  @Override
  public String subject() {
    return "processors";
  }

  @Override
  public List<Finding> look() {
    int processors = Runtime.getRuntime().availableProcessors();
    String found = processors + " for " + threads + (threads == 1 ? " thread" : " threads");
    return List.of(
        threads <= processors
            ? fine(found)
            : warning(
                found + ", which wait for one another",
                "set threads: 0 (one per processor), or give the container more"));
  }
}
