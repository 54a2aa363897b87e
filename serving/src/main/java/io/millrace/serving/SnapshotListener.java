package io.millrace.serving;

/** Takes each snapshot that passed all checks. */
@FunctionalInterface
public interface SnapshotListener {
  /**
   * Called on the subscriber's own thread, in the order of versions; the next snapshot is read when
   * it returns. What it throws is logged and does not end the subscription.
   */
  void onSnapshot(Snapshot snapshot);
}
