package io.millrace.tests.faults;

/** Sleeping, for schedules that say when something happens. */
final class Pause {

  private Pause() {}

  static void ofMs(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting", e);
    }
  }
}
