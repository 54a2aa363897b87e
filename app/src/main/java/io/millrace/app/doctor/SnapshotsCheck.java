package io.millrace.app.doctor;

import io.millrace.serving.AssemblyResult.Rejected;
import io.millrace.serving.Snapshot;
import io.millrace.serving.SnapshotListener;
import io.millrace.serving.SnapshotSubscriber;
import io.millrace.serving.SubscriberConfig;
import io.millrace.topology.config.LearnerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether the newest snapshot can be loaded and passes the checks of every subscriber. */
final class SnapshotsCheck implements Check {

  private static final Duration WAIT = Duration.ofSeconds(5);

  private final Brokers brokers;
  private final LearnerConfig config;

  SnapshotsCheck(Brokers brokers, LearnerConfig config) {
    this.brokers = brokers;
    this.config = config;
  }

  @Override
  public String subject() {
    return "snapshots";
  }

  @Override
  public List<Finding> look() {
    String topic = config.topics().snapshots();
    try {
      if (isEmpty(topic)) {
        return List.of(unknown(topic + " has none yet; the learner publishes some"));
      }
    } catch (ApiException e) {
      return List.of(unknown(topic + " is not there yet, or may not be seen"));
    }
    AtomicReference<Rejected> rejected = new AtomicReference<>();
    try (SnapshotSubscriber subscriber =
        SnapshotSubscriber.start(subscription(topic), listener(rejected))) {
      return List.of(judge(subscriber.awaitFirst(WAIT), topic, rejected));
    } catch (TimeoutException e) {
      return List.of(nothing(topic, rejected, String.valueOf(e.getMessage())));
    } catch (AuthorizationException e) {
      return List.of(unknown(topic + ": may not be read"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(unknown("interrupted"));
    }
  }

  private SubscriberConfig subscription(String topic) {
    return new SubscriberConfig(
        Map.copyOf(brokers.client()),
        topic,
        Optional.of(config.model()),
        SubscriberConfig.DEFAULT_MAX_SNAPSHOT_BYTES);
  }

  private static SnapshotListener listener(AtomicReference<Rejected> rejected) {
    return new SnapshotListener() {
      @Override
      public void onSnapshot(Snapshot snapshot) {}

      @Override
      public void onRejected(Rejected reason, String topic, long offset) {
        rejected.set(reason);
      }
    };
  }

  private Finding judge(Snapshot newest, String topic, AtomicReference<Rejected> rejected) {
    Rejected reason = rejected.get();
    if (reason != null && reason.version() > newest.version()) {
      return fault(topic + ": " + reason + "; subscribers stay at " + newest.version(), PUBLISH);
    }
    if (!newest.network().fingerprint().equals(config.network().fingerprint())) {
      return warning(
          topic
              + ": version "
              + newest.version()
              + " of model "
              + config.model()
              + " is of another network than "
              + config.network().name(),
          "give the new network another model and kafka.application.id");
    }
    return fine(
        "version "
            + newest.version()
            + " of "
            + config.model()
            + " passes every check, sha256 "
            + newest.sha256().substring(0, 12));
  }

  private Finding nothing(String topic, AtomicReference<Rejected> rejected, String message) {
    Rejected reason = rejected.get();
    return reason == null ? unknown(message) : fault(topic + ": " + reason, PUBLISH);
  }

  private static final String PUBLISH =
      "./millrace control publish makes a new version; ./millrace snapshot verify --all looks"
          + " closer";

  private boolean isEmpty(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    return Brokers.ask(
                brokers
                    .admin()
                    .listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition))
            .offset()
        == 0;
  }
}
