package io.millrace.serving;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Finds one version, now or when it is published. */
final class VersionReader implements SelectionReader {
  private static final long LOOK_MS = 500;

  private final SnapshotTopic topic;
  private final ModelSelection.Version selection;
  private final Events events;
  private final CountDownLatch closing;

  VersionReader(
      SnapshotTopic topic,
      ModelSelection.Version selection,
      Events events,
      CountDownLatch closing) {
    this.topic = topic;
    this.selection = selection;
    this.events = events;
    this.closing = closing;
  }

  @Override
  public void run() throws InterruptedException {
    if (!topic.await()) {
      return;
    }
    long searched = -1;
    boolean told = false;
    boolean found = events.current().isPresent();
    do {
      long end = found ? searched : topic.probing().end();
      if (end != searched) {
        Optional<Snapshot> snapshot = VersionFinder.find(topic, selection.version());
        snapshot.ifPresent(events::snapshot);
        found = snapshot.isPresent();
        searched = end;
      }
      events.connected();
      if (!found && !told) {
        events.unavailable(selection, missing(selection.version()));
        told = true;
      }
    } while (!closing.await(LOOK_MS, TimeUnit.MILLISECONDS));
  }

  static String missing(long version) {
    return "version "
        + version
        + ": expected it whole on the topic, found it is not; it was retired, is not published"
        + " yet, or was refused";
  }

  @Override
  public void wakeup() {
    topic.wakeup();
  }

  @Override
  public void close() {
    topic.close();
  }
}
