package io.millrace.tests.serving;

import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.tests.support.Cluster;
import io.millrace.tests.support.Eventually;
import java.util.Map;
import java.util.Optional;

/** What the tests of this package have in common. */
final class Serving {
  private Serving() {}

  static SnapshotWriter writer(Cluster cluster, CountingModel model, String name) {
    return SnapshotWriter.create(model, cluster.bootstrapServers(), cluster.newRun(name));
  }

  static SubscriberConfig config(Cluster cluster, SnapshotWriter writer) {
    return new SubscriberConfig(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            writer.topic(),
            Optional.of(CountingModel.NAME),
            SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES)
        .withAliasesTopic(writer.aliases());
  }

  static void awaitVersion(SnapshotSubscriber subscriber, long version) {
    Eventually.await(
        "version " + version,
        () -> subscriber.newest().filter(snapshot -> snapshot.version() == version),
        () -> subscriber.newest() + ", " + subscriber.state());
  }

  static void awaitLine(Told told, String line) {
    Eventually.await("'" + line + "'", () -> told.first(line), told::toString);
  }
}
