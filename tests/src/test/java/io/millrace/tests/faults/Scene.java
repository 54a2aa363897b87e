package io.millrace.tests.faults;

/** What a fault strikes at: learners at work, the images that they get, and how far they are. */
record Scene(Instances instances, CommittedSteps steps, Feed feed) {

  /** Starts what has ended by itself; throws when there is nothing to wait for any more. */
  void check() {
    instances.supervise();
    feed.failure()
        .ifPresent(fault -> {
          throw new AssertionError("images could not be sent", fault);
        });
  }

  void awaitSteps(long target) {
    FaultRun.await(
        steps::newest,
        () -> steps.newest() >= target,
        this::check,
        "step " + target + " of " + instances.name());
  }

  void awaitMoreSteps(int count) {
    awaitSteps(steps.newest() + count);
  }
}
