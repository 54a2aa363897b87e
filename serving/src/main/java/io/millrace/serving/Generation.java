package io.millrace.serving;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot, built: as many networks as calls may compute at a time, each with its own copy of
 * the weights. Who lends the networks guards them; this class does not.
 */
final class Generation implements AutoCloseable {
  private final Snapshot snapshot;
  private final List<LoadedNetwork> networks;
  private final Deque<LoadedNetwork> idle;

  /** Whether a listener was told that the snapshot became too old. */
  private final AtomicBoolean toldStale = new AtomicBoolean();

  private Generation(Snapshot snapshot, List<LoadedNetwork> networks) {
    this.snapshot = snapshot;
    this.networks = networks;
    this.idle = new ArrayDeque<>(networks);
  }

  /**
   * Builds a snapshot.
   *
   * @param retired one that nobody uses any more: its networks take the new weights where they are
   *     of the same architecture, and are closed where not
   */
  @SuppressWarnings("ThreadPriorityCheck") // Only latencies rely on it.
  static Generation build(
      Snapshot snapshot, @Nullable Generation retired, Predictor.Options options) {
    if (retired != null && retired.snapshot.network().equals(snapshot.network())) {
      try {
        for (LoadedNetwork network : retired.networks) {
          network.load(snapshot);
          // Whoever predicts on this machine goes first.
          Thread.yield();
        }
      } catch (RuntimeException e) {
        retired.close();
        throw e;
      }
      return new Generation(snapshot, retired.networks);
    }
    if (retired != null) {
      retired.close();
    }
    List<LoadedNetwork> networks = new ArrayList<>();
    try {
      for (int i = 0; i < options.parallelism(); i++) {
        networks.add(LoadedNetwork.create(snapshot, options));
      }
    } catch (RuntimeException e) {
      networks.forEach(LoadedNetwork::close);
      throw e;
    }
    return new Generation(snapshot, networks);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** A network that nobody uses; null if there is none at the moment. */
  @Nullable LoadedNetwork lend() {
    return idle.pollLast();
  }

  void giveBack(LoadedNetwork network) {
    idle.addLast(network);
  }

  boolean unused() {
    return idle.size() == networks.size();
  }

  /** True for the first who asks. */
  boolean firstToTellStale() {
    return toldStale.compareAndSet(false, true);
  }

  /** Ends the networks' threads. */
  @Override
  public void close() {
    networks.forEach(LoadedNetwork::close);
  }
}
