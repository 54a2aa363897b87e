package io.millrace.serving;

import io.millrace.serving.AssemblyResult.Rejected;
import java.util.List;
import java.util.OptionalLong;

/**
 * Takes each snapshot that passed all checks, and hears of what did not. All but {@link #onStale}
 * is called on the subscriber's own thread, which reads on when the call returns. What a listener
 * throws is logged and does not end the subscription.
 */
@FunctionalInterface
public interface SnapshotListener {
  /** A version to serve from now on; with the newest selected, in the order of versions. */
  void onSnapshot(Snapshot snapshot);

  /**
   * A snapshot or an alias that is not used; the last good one stays.
   *
   * @param topic and {@code offset}, where the record that was refused stands
   */
  default void onRejected(Rejected rejected, String topic, long offset) {}

  /**
   * The alias that is followed was set, moved or deleted.
   *
   * @param version what it stands for now; empty if for nothing, and then the last good one stays
   */
  default void onAlias(String alias, OptionalLong version) {}

  /** What is selected cannot be had, and why; the last good one stays until it can. */
  default void onUnavailable(ModelSelection selection, String reason) {}

  /**
   * A predictor's model became older than allowed; called once for each version, on the thread of
   * the call that met it.
   */
  default void onStale(Snapshot snapshot, long ageMs) {}

  /** Hands everything on to each of several, in their order; one that throws ends the round. */
  static SnapshotListener all(SnapshotListener... listeners) {
    List<SnapshotListener> each = List.of(listeners);
    return new SnapshotListener() {
      @Override
      public void onSnapshot(Snapshot snapshot) {
        each.forEach(listener -> listener.onSnapshot(snapshot));
      }

      @Override
      public void onRejected(Rejected rejected, String topic, long offset) {
        each.forEach(listener -> listener.onRejected(rejected, topic, offset));
      }

      @Override
      public void onAlias(String alias, OptionalLong version) {
        each.forEach(listener -> listener.onAlias(alias, version));
      }

      @Override
      public void onUnavailable(ModelSelection selection, String reason) {
        each.forEach(listener -> listener.onUnavailable(selection, reason));
      }

      @Override
      public void onStale(Snapshot snapshot, long ageMs) {
        each.forEach(listener -> listener.onStale(snapshot, ageMs));
      }
    };
  }
}
