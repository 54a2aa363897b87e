package io.millrace.serving;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** One connection that follows a selection until it is closed or the connection fails. */
sealed interface SelectionReader extends AutoCloseable
    permits NewestReader, VersionReader, AliasReader {

  /** Makes the consumers; does not connect yet. */
  static SelectionReader open(SubscriberConfig config, Events events, CountDownLatch closing) {
    Optional<String> model = events.current().map(Snapshot::model).or(config::model);
    SnapshotTopic topic = new SnapshotTopic(config, model, events, closing);
    return switch (config.selection()) {
      case ModelSelection.Newest _ -> new NewestReader(topic, events);
      case ModelSelection.Version version -> new VersionReader(topic, version, events, closing);
      case ModelSelection.Alias alias -> new AliasReader(config, topic, alias, events, closing);
    };
  }

  /** Returns when closed. */
  void run() throws InterruptedException;

  /** Makes a call under way end; for any thread. */
  void wakeup();

  /** Takes leave of the brokers. */
  @Override
  void close();
}
