package io.millrace.topology.learn;

import io.millrace.serving.Snapshot;
import java.util.Optional;

/** Versions of the model that others can see. */
@FunctionalInterface
public interface SnapshotArchive {

  /**
   * A version, whole and verified.
   *
   * @return empty if it is not there, or not yet because its transaction has not ended
   * @throws org.apache.kafka.common.KafkaException if the topic cannot be read now
   */
  Optional<Snapshot> find(long version);
}
