package io.millrace.app.promote;

import io.millrace.serving.ModelSelection;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What an alias stands for, as its subscriber hears it. That nothing has the name must be known and
 * not merely unheard of, or a gate would let anything pass on a slow cluster.
 */
final class Champion implements SnapshotListener {

  private @Nullable Snapshot snapshot;
  private OptionalLong named = OptionalLong.empty();
  private @Nullable String unavailable;

  @Override
  public synchronized void onSnapshot(Snapshot loaded) {
    snapshot = loaded;
    unavailable = null;
    notifyAll();
  }

  @Override
  public synchronized void onAlias(String alias, OptionalLong version) {
    named = version;
    unavailable = null;
    notifyAll();
  }

  @Override
  public synchronized void onUnavailable(ModelSelection selection, String reason) {
    unavailable = reason;
    notifyAll();
  }

  /**
   * The version that has the name; empty if the aliases' topic says that none has.
   *
   * @throws IllegalStateException if that is not known in time, or the version cannot be had
   */
  synchronized Optional<Snapshot> await(Duration timeout) throws InterruptedException {
    boolean known = await(timeout, () -> snapshot != null || unavailable != null);
    if (snapshot == null && (!known || named.isPresent())) {
      throw new IllegalStateException(
          "alias: expected to know what it stands for before deciding, got "
              + (unavailable == null ? "no answer from its topic in time" : unavailable));
    }
    return Optional.ofNullable(snapshot);
  }

  /**
   * Waits until a version has the name.
   *
   * @throws IllegalStateException if it has not in time
   */
  synchronized void awaitVersion(long version, Duration timeout) throws InterruptedException {
    if (!await(timeout, () -> snapshot != null && snapshot.version() == version)) {
      throw new IllegalStateException(
          "alias: expected to hear that it stands for version "
              + version
              + ", got "
              + (unavailable == null ? "nothing in time" : unavailable));
    }
  }

  private synchronized boolean await(Duration timeout, BooleanSupplier done)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (!done.getAsBoolean()) {
      long leftMs = (end - System.nanoTime()) / 1_000_000;
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }
}
